/** Predictions, metrics and latency of a model on a task; start with {@link Evaluator}. */
@NullMarked
package org.cpet.runtime.evaluate;

import org.jspecify.annotations.NullMarked;
