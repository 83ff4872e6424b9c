/**
 * T5 v1.0 and v1.1: an encoder and a decoder with relative positions. {@link org.cpet.plugin.models.t5.T5Family} is the
 * entry. Depends on the SPI and the shared blocks.
 */
@NullMarked
package org.cpet.plugin.models.t5;

import org.jspecify.annotations.NullMarked;
