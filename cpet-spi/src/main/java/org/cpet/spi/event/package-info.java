/** What a run tells its listeners. */
@NullMarked
package org.cpet.spi.event;

import org.jspecify.annotations.NullMarked;
