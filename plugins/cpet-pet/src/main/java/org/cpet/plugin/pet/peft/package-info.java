/** Reads and writes PEFT's {@code adapter_config.json}, and the same file for methods that PEFT does not have. */
@NullMarked
package org.cpet.plugin.pet.peft;

import org.jspecify.annotations.NullMarked;
