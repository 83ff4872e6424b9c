package org.cpet.spi.data;

import org.cpet.spi.ExtensionFactory;

/** Service type of dataset readers. */
public interface DatasetReaderFactory<O extends Record> extends ExtensionFactory<DatasetReader, O> {}
