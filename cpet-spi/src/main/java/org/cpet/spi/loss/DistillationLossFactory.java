package org.cpet.spi.loss;

import org.cpet.spi.ExtensionFactory;

/** Service type of distillation losses. */
public interface DistillationLossFactory<O extends Record> extends ExtensionFactory<DistillationLoss, O> {}
