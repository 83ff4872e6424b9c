package org.cpet.spi.estimate;

import org.cpet.spi.ExtensionFactory;

/** Makes an estimation method. */
public interface EstimationMethodFactory<O extends Record> extends ExtensionFactory<EstimationMethod, O> {}
