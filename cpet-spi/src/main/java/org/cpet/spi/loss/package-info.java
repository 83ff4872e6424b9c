/** Task losses and distillation losses. */
@NullMarked
package org.cpet.spi.loss;

import org.jspecify.annotations.NullMarked;
