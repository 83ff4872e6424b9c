/**
 * How much memory a training stage will take, and how much there is. {@link org.cpet.runtime.memory.StageDemand} works
 * the first out from layouts alone; {@link org.cpet.runtime.memory.AvailableMemory} reads the second from the system.
 */
@NullMarked
package org.cpet.runtime.memory;

import org.jspecify.annotations.NullMarked;
