/**
 * L_task and L_DIST: {@link org.cpet.plugin.losses.CrossEntropy} for labels, {@link
 * org.cpet.plugin.losses.MeanSquaredError} for the distance to the teacher. Depends on the SPI alone.
 */
@NullMarked
package org.cpet.plugin.losses;

import org.jspecify.annotations.NullMarked;
