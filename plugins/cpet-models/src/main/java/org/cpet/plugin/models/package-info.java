/**
 * Blocks that the families share: {@link org.cpet.plugin.models.LayoutBuilder} describes a model's tensors and sites,
 * {@link org.cpet.plugin.models.ModelSites} makes them. Depends on the SPI alone.
 */
@NullMarked
package org.cpet.plugin.models;

import org.jspecify.annotations.NullMarked;
