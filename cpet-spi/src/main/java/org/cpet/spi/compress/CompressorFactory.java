package org.cpet.spi.compress;

import org.cpet.spi.ExtensionFactory;

/** Service type of compressors. */
public interface CompressorFactory<O extends Record> extends ExtensionFactory<Compressor, O> {}
