/**
 * Weights in 2, 3, 4 or 8 bits, asymmetric, with a scale and a zero point for each row or group of columns: {@code rtn}
 * makes them, {@code peqa} trains their scales, {@code qat} what their codes are rounded from. Starts at {@link
 * org.cpet.plugin.quantization.grouped.RtnFactory}, {@link org.cpet.plugin.quantization.grouped.PeqaFactory} and {@link
 * org.cpet.plugin.quantization.grouped.QatFactory}; the layer is {@link
 * org.cpet.plugin.quantization.grouped.GroupedLinear}.
 */
@NullMarked
package org.cpet.plugin.quantization.grouped;

import org.jspecify.annotations.NullMarked;
