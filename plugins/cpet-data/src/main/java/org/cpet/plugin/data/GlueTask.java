package org.cpet.plugin.data;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskTemplate;
import org.cpet.spi.data.TaskTemplateFactory;

/** A task of GLUE in the files it is published in, with T5's prompt and answer words. */
interface GlueTask extends TaskTemplateFactory<NoOptions> {
    /** Its columns, labels and prompt. */
    TaskFields fields();

    @Override
    default Class<NoOptions> optionsType() {
        return NoOptions.class;
    }

    @Override
    default TaskTemplate create(NoOptions options, PluginContext context) {
        return this::fields;
    }
}
