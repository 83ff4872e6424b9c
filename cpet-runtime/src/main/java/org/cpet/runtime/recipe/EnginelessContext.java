package org.cpet.runtime.recipe;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Ops;

/** What plugins get from plans and listings, which never start the engine. Keeps notices. */
public final class EnginelessContext implements PluginContext {
    private final long seed;
    private final List<String> notices = new CopyOnWriteArrayList<>();

    public EnginelessContext(long seed) {
        this.seed = seed;
    }

    @Override
    public Ops ops() {
        throw new CpetException(ExitCode.BUG, "a method asked for tensors while a plan was made");
    }

    @Override
    public RandomGenerator random(String name) {
        UUID hash = UUID.nameUUIDFromBytes((seed + " " + name).getBytes(StandardCharsets.UTF_8));
        return new SplittableRandom(hash.getMostSignificantBits() ^ hash.getLeastSignificantBits());
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
