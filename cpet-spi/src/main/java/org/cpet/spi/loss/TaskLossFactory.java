package org.cpet.spi.loss;

import org.cpet.spi.ExtensionFactory;

/** Service type of task losses. */
public interface TaskLossFactory<O extends Record> extends ExtensionFactory<TaskLoss, O> {}
