/** Parameter-efficient tuning: task modules P beside a frozen model. */
@NullMarked
package org.cpet.spi.pet;

import org.jspecify.annotations.NullMarked;
