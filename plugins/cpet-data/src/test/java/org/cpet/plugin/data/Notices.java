package org.cpet.plugin.data;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Ops;

/** A host that remembers notices; readers need nothing else of it. */
final class Notices implements PluginContext {
    final List<String> messages = new ArrayList<>();

    @Override
    public Ops ops() {
        throw new IllegalStateException("readers compute nothing");
    }

    @Override
    public RandomGenerator random(String name) {
        throw new IllegalStateException("readers draw nothing");
    }

    @Override
    public void notice(String message) {
        messages.add(message);
    }
}
