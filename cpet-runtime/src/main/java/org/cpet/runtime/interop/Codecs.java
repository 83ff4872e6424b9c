package org.cpet.runtime.interop;

import org.cpet.spi.adapter.AdapterCodec;

/** Adapter codecs by name. */
@FunctionalInterface
public interface Codecs {
    /**
     * The codec of that name, with its default options.
     *
     * @throws org.cpet.spi.CpetException when there is none
     */
    AdapterCodec codec(String name);
}
