/** The tensor engine: start-up, the op module behind {@link org.cpet.spi.tensor.Ops}, grad-mode discipline, safetensors. */
@NullMarked
package org.cpet.runtime.engine;

import org.jspecify.annotations.NullMarked;
