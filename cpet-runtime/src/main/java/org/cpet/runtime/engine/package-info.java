/**
 * The tensor engine, libtorch through DJL, and all that is particular to it.
 *
 * <ul>
 *   <li>Start: {@link org.cpet.runtime.engine.EngineSession}, the only way in; no download, no telemetry.
 *   <li>Operations: {@code ops.torchscript} is their source, packed and loaded at start-up; one call each. DJL's own
 *       arithmetic may be mixed in freely, except {@code toType} and {@code duplicate}, which cut the graph silently.
 *   <li>Gradients: off on every thread but inside {@code withGradients}; DJL's collector, of which a process can have one,
 *       is not used.
 *   <li>Memory: {@code Ops.scope()} owns what a step makes, whoever makes it.
 *   <li>int8: an exact path, and kernels measured once per machine ({@link org.cpet.runtime.engine.KernelProfile}).
 *   <li>Files: {@link org.cpet.runtime.engine.TensorLoader} maps what {@code safetensors} has checked.
 * </ul>
 */
@NullMarked
package org.cpet.runtime.engine;

import org.jspecify.annotations.NullMarked;
