package org.cpet.runtime.recipe;

import java.lang.reflect.Proxy;
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

    /** Methods may keep it for later; using it here is a bug of theirs. */
    @Override
    public Ops ops() {
        return (Ops) Proxy.newProxyInstance(
                Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (proxy, method, arguments) -> {
                    throw new CpetException(
                            ExitCode.BUG, "a method computed with tensors while a plan was made: " + method.getName());
                });
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
