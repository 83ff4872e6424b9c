package org.cpet.plugin.models.llama;

import java.util.List;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.Sight;

/**
 * What the layers of one pass share.
 *
 * @param first position of the first of the pass's tokens
 * @param sight what its queries see of the keys, those of a prefix included
 * @param prefix virtual keys and values before all others
 * @param past keys and values of each layer, or none
 */
record LlamaPass(int first, Sight sight, PrefixColumns prefix, List<KeyValues> past) {}
