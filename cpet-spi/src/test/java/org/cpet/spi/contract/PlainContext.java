package org.cpet.spi.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Ops;

/** A context for methods that need no tensor engine; keeps what was noticed. */
public final class PlainContext implements PluginContext {
    private final long seed;
    private final List<String> notices = new ArrayList<>();

    public PlainContext(long seed) {
        this.seed = seed;
    }

    @Override
    public Ops ops() {
        throw new UnsupportedOperationException("no tensor engine here");
    }

    @Override
    public RandomGenerator random(String name) {
        return Seeded.random(seed, name);
    }

    @Override
    public void notice(String message) {
        notices.add(message);
    }

    /** What was noticed so far. */
    public List<String> notices() {
        return List.copyOf(notices);
    }
}
