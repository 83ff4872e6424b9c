/**
 * LoRA with the semantics and file format of PEFT: {@link org.cpet.plugin.pet.lora.Lora}. Depends on the SPI alone.
 */
@NullMarked
package org.cpet.plugin.pet.lora;

import org.jspecify.annotations.NullMarked;
