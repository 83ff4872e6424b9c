/**
 * Quantisation: {@code int8} holds the weights of linear layers in 8 bits. Starts at {@link
 * org.cpet.plugin.quantization.Int8Factory}; the arithmetic is in {@link org.cpet.plugin.quantization.Int8Linear}.
 */
@NullMarked
package org.cpet.plugin.quantization;

import org.jspecify.annotations.NullMarked;
