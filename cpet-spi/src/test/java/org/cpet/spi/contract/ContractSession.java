package org.cpet.spi.contract;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.OpsProvider;

/** The tensor operations of the runtime on the class path, and a host for plugins; close it when the test is done. */
public final class ContractSession implements AutoCloseable {
    private final OpsProvider.Session session;
    private final Ops ops;
    private final List<String> notices = new ArrayList<>();

    private ContractSession(OpsProvider.Session session, Ops ops) {
        this.session = session;
        this.ops = ops;
    }

    /** Float32, as in a run. */
    public static ContractSession open() {
        OpsProvider.Session session = provider().open();
        return new ContractSession(session, session.ops());
    }

    /** Leaves and losses in float64, for comparing gradients with finite differences. */
    public static ContractSession openFloat64() {
        OpsProvider.Session session = provider().open();
        return new ContractSession(session, Float64Ops.over(session.ops()));
    }

    public Ops ops() {
        return ops;
    }

    /** Owns what the test creates. */
    public NDManager manager() {
        return session.manager();
    }

    /** A host whose generators come from {@code seed}. */
    public PluginContext context(long seed) {
        return new PluginContext() {
            @Override
            public Ops ops() {
                return ops;
            }

            @Override
            public RandomGenerator random(String name) {
                return Seeded.random(seed, name);
            }

            @Override
            public void notice(String message) {
                notices.add(message);
            }
        };
    }

    /** What plugins told the user. */
    public List<String> notices() {
        return List.copyOf(notices);
    }

    @Override
    public void close() {
        session.close();
    }

    private static OpsProvider provider() {
        return ServiceLoader.load(OpsProvider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no " + OpsProvider.class.getName() + " found; add org.cpet:cpet-runtime in test scope"));
    }
}
