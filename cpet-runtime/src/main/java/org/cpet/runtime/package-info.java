/**
 * All that a host program sees. {@link org.cpet.runtime.Cpet} is where to start: build one, validate, plan and run
 * recipes, load what a run made and predict with it. Events are {@link org.cpet.spi.event.RunEvent}, failures {@link
 * org.cpet.spi.CpetException}.
 */
@NullMarked
package org.cpet.runtime;

import org.jspecify.annotations.NullMarked;
