package org.cpet.runtime.script;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Ops;

/** What plugins get from a single command. */
public final class ScriptContext implements PluginContext {
    private final EngineSession engine;
    private final EnginelessContext names;
    private final Consumer<String> notices;

    public ScriptContext(EngineSession engine, long seed, Consumer<String> notices) {
        this.engine = engine;
        this.names = new EnginelessContext(seed);
        this.notices = notices;
    }

    @Override
    public Ops ops() {
        return engine.ops();
    }

    @Override
    public RandomGenerator random(String name) {
        return names.random(name);
    }

    @Override
    public void notice(String message) {
        notices.accept(message);
    }
}
