/** Puts a run together: {@link org.cpet.runtime.wiring.RunModule} is the one place that knows Guice. */
@NullMarked
package org.cpet.runtime.wiring;

import org.jspecify.annotations.NullMarked;
