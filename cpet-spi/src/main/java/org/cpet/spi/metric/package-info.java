/** Metrics over predictions. */
@NullMarked
package org.cpet.spi.metric;

import org.jspecify.annotations.NullMarked;
