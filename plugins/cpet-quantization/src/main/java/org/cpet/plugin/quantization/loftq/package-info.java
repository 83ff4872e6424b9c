/**
 * LoftQ: weights in four bits together with the low-rank factors that LoRA then starts from. Starts at {@link
 * org.cpet.plugin.quantization.loftq.LoftqFactory}.
 */
@NullMarked
package org.cpet.plugin.quantization.loftq;

import org.jspecify.annotations.NullMarked;
