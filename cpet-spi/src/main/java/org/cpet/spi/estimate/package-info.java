/** Finding out, in a few early training steps, which parts of a model and of its PET are worth training. */
@NullMarked
package org.cpet.spi.estimate;

import org.jspecify.annotations.NullMarked;
