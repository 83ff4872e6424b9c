/**
 * ComPEFT (Yadav et al., 2023): adapters as signs and one scale. Depends on the SPI alone.
 */
@NullMarked
package org.cpet.plugin.adapters.compeft;

import org.jspecify.annotations.NullMarked;
