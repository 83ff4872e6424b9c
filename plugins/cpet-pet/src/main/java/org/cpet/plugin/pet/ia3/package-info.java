/**
 * (IA)³ with the semantics and file format of PEFT: {@link org.cpet.plugin.pet.ia3.Ia3}. Depends on the SPI alone.
 */
@NullMarked
package org.cpet.plugin.pet.ia3;

import org.jspecify.annotations.NullMarked;
