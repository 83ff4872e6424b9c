package org.cpet.spi;

import java.util.random.RandomGenerator;
import org.cpet.spi.tensor.Ops;

/**
 * What a plugin may ask of its host. Asking for {@link #ops()} starts the tensor engine, so plans and listings never
 * do.
 */
public interface PluginContext {
    /** Tensor operations on the device of the run. */
    Ops ops();

    /**
     * A generator that depends on the run's seed and this name alone, never on what was drawn before.
     *
     * @param name for example {@code encoder.layer.0.attention.self.query.lora_A.weight}
     */
    RandomGenerator random(String name);

    /**
     * The ids of a text by the tokenizer of the model at hand, without special tokens.
     *
     * @throws CpetException where there is no tokenizer
     */
    default long[] tokens(String text) {
        throw new CpetException(ExitCode.RECIPE, "this host has no tokenizer for '" + text + "'");
    }

    /** Tells the user something that must not pass in silence; one line, lower case. */
    void notice(String message);
}
