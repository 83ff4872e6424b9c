/**
 * Rows to batches: {@link TaskData} reads and splits, an {@link ExampleEncoder} tokenizes, a {@link BatchPlan} orders, a
 * {@link Collator} pads.
 */
@NullMarked
package org.cpet.runtime.data;

import org.jspecify.annotations.NullMarked;
