/**
 * The paper's algorithm and what it is made of. {@link org.cpet.runtime.train.InheritThenRecover} is the page to read
 * first; {@link org.cpet.runtime.train.TrainingStage} is the loop it runs.
 */
@NullMarked
package org.cpet.runtime.train;

import org.jspecify.annotations.NullMarked;
