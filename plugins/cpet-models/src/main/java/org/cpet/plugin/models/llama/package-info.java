/**
 * LLaMA and Mistral-shaped models: a causal language model with rotary positions, grouped-query attention and a gated
 * FFN. {@link org.cpet.plugin.models.llama.LlamaFamily} is the entry. Depends on the SPI and the shared blocks.
 */
@NullMarked
package org.cpet.plugin.models.llama;

import org.jspecify.annotations.NullMarked;
