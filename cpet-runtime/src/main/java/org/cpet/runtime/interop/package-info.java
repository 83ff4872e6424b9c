/** Formats of the rest of the world: PEFT's adapter directories. */
@NullMarked
package org.cpet.runtime.interop;

import org.jspecify.annotations.NullMarked;
