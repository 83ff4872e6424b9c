package org.cpet.spi.adapter;

import org.cpet.spi.ExtensionFactory;

/** Service type of adapter codecs; every option has a default, for {@link AdapterCodec#read} plays without them. */
public interface AdapterCodecFactory<O extends Record> extends ExtensionFactory<AdapterCodec, O> {}
