package org.cpet.spi.data;

import org.cpet.spi.ExtensionFactory;

/** Service type of task templates; their names may hold one slash, as {@code glue/sst2}. */
public interface TaskTemplateFactory<O extends Record> extends ExtensionFactory<TaskTemplate, O> {}
