package org.cpet.plugin.models.llama;

import org.cpet.spi.model.ModelConfig;

/**
 * How rotary frequencies are made. Configs spell them {@code rope_parameters}, or {@code rope_theta} and {@code
 * rope_scaling} at the top.
 *
 * @param theta base of the frequencies
 * @param factor by which positions shrink; 1 for the default type
 */
record RotarySettings(Type type, double theta, double factor, double lowFactor, double highFactor, int trainedLength) {
    /** The scaling rules known here. */
    enum Type {
        DEFAULT,
        LINEAR,
        LLAMA3
    }

    static RotarySettings read(ModelConfig config) {
        boolean nested = config.object("rope_parameters").isPresent();
        String key = nested ? "rope_parameters" : "rope_scaling";
        ModelConfig rope = config.object(key).orElse(config);
        double theta = rope.number("rope_theta", config.number("rope_theta", 10_000));
        if (!(theta > 0)) {
            throw config.problem("'rope_theta'; found " + theta + "; allowed numbers above 0");
        }
        Type type = rope == config ? Type.DEFAULT : type(config, key, rope);
        double factor = type == Type.DEFAULT ? 1 : factor(config, key, rope);
        int longest = config.integer("max_position_embeddings", 2048);
        return new RotarySettings(
                type,
                theta,
                factor,
                rope.number("low_freq_factor", 1),
                rope.number("high_freq_factor", 4),
                rope.integer(
                        "original_max_position_embeddings",
                        config.integer("original_max_position_embeddings", longest)));
    }

    private static Type type(ModelConfig config, String key, ModelConfig rope) {
        String name = rope.text("rope_type", rope.text("type", "default"));
        return switch (name) {
            case "default" -> Type.DEFAULT;
            case "linear" -> Type.LINEAR;
            case "llama3" -> Type.LLAMA3;
            default ->
                throw config.problem("'" + key + ".rope_type'; found " + name + "; allowed default, linear, llama3");
        };
    }

    private static double factor(ModelConfig config, String key, ModelConfig rope) {
        double factor = rope.number("factor", 0);
        if (!(factor >= 1)) {
            String found = rope.has("factor") ? "; found " + factor : " is missing";
            throw config.problem("'" + key + ".factor'" + found + "; allowed numbers from 1");
        }
        return factor;
    }

    /**
     * Radians per position of each pair of a head, headDim / 2 of them: θ^(−2i/d), divided by the factor where the type
     * says so. {@code llama3} divides the long waves, keeps the short ones, and blends between.
     */
    double[] frequencies(int headDim) {
        double[] frequencies = new double[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = scaled(StrictMath.pow(theta, -2.0 * i / headDim));
        }
        return frequencies;
    }

    private double scaled(double frequency) {
        return switch (type) {
            case DEFAULT -> frequency;
            case LINEAR -> frequency / factor;
            case LLAMA3 -> {
                double waves = trainedLength * frequency / (2 * Math.PI);
                double blend = (waves - lowFactor) / (highFactor - lowFactor);
                double kept = Math.min(1, Math.max(0, blend));
                yield (1 - kept) * frequency / factor + kept * frequency;
            }
        };
    }
}
