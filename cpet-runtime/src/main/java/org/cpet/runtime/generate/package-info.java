/**
 * Text generation: {@link org.cpet.runtime.generate.Generation} over the key/value cache of a {@link
 * org.cpet.spi.model.GenerativeModel}.
 */
@NullMarked
package org.cpet.runtime.generate;

import org.jspecify.annotations.NullMarked;
