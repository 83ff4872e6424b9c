/**
 * What happens to adapters after training: {@link org.cpet.spi.adapter.AdapterCodec} makes them smaller, {@link
 * org.cpet.spi.adapter.AdapterMerger} makes one of several. Plain Java: no tensor engine is needed.
 */
@NullMarked
package org.cpet.spi.adapter;

import org.jspecify.annotations.NullMarked;
