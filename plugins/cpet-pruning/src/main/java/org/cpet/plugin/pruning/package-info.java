/**
 * Pruning: {@code structured_pruning} removes whole heads and neurons and makes matrices smaller, {@code
 * unstructured_pruning} sets single weights to zero. Starts at the two factories; what is kept is decided in {@link
 * org.cpet.plugin.pruning.UnitScores} and {@link org.cpet.plugin.pruning.MagnitudeMask}.
 */
@NullMarked
package org.cpet.plugin.pruning;

import org.jspecify.annotations.NullMarked;
