package org.cpet.spi.adapter;

import org.cpet.spi.ExtensionFactory;

/** Service type of adapter mergers. */
public interface AdapterMergerFactory<O extends Record> extends ExtensionFactory<AdapterMerger, O> {}
