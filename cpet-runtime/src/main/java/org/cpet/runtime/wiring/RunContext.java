package org.cpet.runtime.wiring;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Ops;

/** What plugins get from a run. */
final class RunContext implements PluginContext {
    private final EngineSession session;
    private final EnginelessContext names;
    private final Path tokenizer;
    private final Consumer<String> notices;

    /** @param tokenizer file of the model's tokenizer */
    RunContext(EngineSession session, long seed, Path tokenizer, Consumer<String> notices) {
        this.session = session;
        this.names = new EnginelessContext(seed);
        this.tokenizer = tokenizer;
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
    public long[] tokens(String text) {
        try (Tokenizer opened = Tokenizer.load(tokenizer)) {
            return opened.encodeBare(text).ids().toArray();
        }
    }

    @Override
    public void notice(String message) {
        notices.accept(message);
    }
}
