/**
 * Weights in four bits on the quantiles of a normal distribution, for LoRA on a frozen model (QLoRA). Starts at {@link
 * org.cpet.plugin.quantization.nf4.Nf4Factory}.
 */
@NullMarked
package org.cpet.plugin.quantization.nf4;

import org.jspecify.annotations.NullMarked;
