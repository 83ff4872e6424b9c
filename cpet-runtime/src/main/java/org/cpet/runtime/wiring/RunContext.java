package org.cpet.runtime.wiring;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Ops;

/** What plugins get from a run. */
final class RunContext implements PluginContext {
    private final EngineSession session;
    private final EnginelessContext names;
    private final Consumer<String> notices;

    RunContext(EngineSession session, long seed, Consumer<String> notices) {
        this.session = session;
        this.names = new EnginelessContext(seed);
        this.notices = notices;
    }

    @Override
    public Ops ops() {
        return session.ops();
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
