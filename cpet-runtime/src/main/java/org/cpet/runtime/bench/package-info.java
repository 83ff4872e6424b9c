/**
 * Times steps of the real training loop, of inference and of generation on random models of given shapes. {@link
 * org.cpet.runtime.bench.Bench} is the entry.
 */
@NullMarked
package org.cpet.runtime.bench;

import org.jspecify.annotations.NullMarked;
