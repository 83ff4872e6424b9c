package org.cpet.runtime.cli;

import java.util.random.RandomGenerator;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Ops;

/** What plugins get from a command that starts no engine; notices go to standard error. */
final class NoticingContext implements PluginContext {
    private final EnginelessContext engineless;

    NoticingContext(long seed) {
        this.engineless = new EnginelessContext(seed);
    }

    @Override
    public Ops ops() {
        return engineless.ops();
    }

    @Override
    public RandomGenerator random(String name) {
        return engineless.random(name);
    }

    @Override
    public void notice(String message) {
        System.err.println("note: " + message);
    }
}
