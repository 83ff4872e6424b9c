package org.cpet.spi.metric;

import org.cpet.spi.ExtensionFactory;

/** Service type of metrics. */
public interface MetricFactory<O extends Record> extends ExtensionFactory<MetricMethod, O> {}
