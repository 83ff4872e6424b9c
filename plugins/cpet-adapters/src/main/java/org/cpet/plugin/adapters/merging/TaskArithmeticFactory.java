package org.cpet.plugin.adapters.merging;

import org.cpet.spi.PluginContext;
import org.cpet.spi.adapter.AdapterMerger;
import org.cpet.spi.adapter.AdapterMergerFactory;

/** {@code task_arithmetic}. */
public final class TaskArithmeticFactory implements AdapterMergerFactory<TaskArithmeticOptions> {
    @Override
    public String name() {
        return "task_arithmetic";
    }

    @Override
    public String description() {
        return "a factor times the sum of the adapters";
    }

    @Override
    public Class<TaskArithmeticOptions> optionsType() {
        return TaskArithmeticOptions.class;
    }

    @Override
    public AdapterMerger create(TaskArithmeticOptions options, PluginContext context) {
        return new TaskArithmetic(options);
    }
}
