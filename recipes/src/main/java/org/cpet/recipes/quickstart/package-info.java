/**
 * The quickstart's own world: invented creatures with invented facts, drawn from a seed, and questions about them.
 * {@link org.cpet.recipes.quickstart.CreaturesFactory} makes them a dataset named {@code creatures}; {@link
 * org.cpet.recipes.quickstart.Backbone} writes the config and tokenizer of the model that is pretrained on them. Sees the
 * SPI alone.
 */
@NullMarked
package org.cpet.recipes.quickstart;

import org.jspecify.annotations.NullMarked;
