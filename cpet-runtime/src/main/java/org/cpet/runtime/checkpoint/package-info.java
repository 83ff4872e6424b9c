/**
 * A run's directory on disk: lock, checkpoints, finished stages, metrics. All input and output goes through {@link
 * org.cpet.runtime.checkpoint.RunFiles}; {@link org.cpet.runtime.checkpoint.RunDirectory} is where to start.
 */
@NullMarked
package org.cpet.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
