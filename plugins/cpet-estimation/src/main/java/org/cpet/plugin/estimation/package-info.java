/**
 * Light-PEFT: scalar masks on heads and FFN neurons, trained early together with the PET, tell what of the model and of
 * the PET is worth keeping.
 */
@NullMarked
package org.cpet.plugin.estimation;

import org.jspecify.annotations.NullMarked;
