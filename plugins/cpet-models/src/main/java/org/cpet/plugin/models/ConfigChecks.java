package org.cpet.plugin.models;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.tensor.Activation;

/** Checks that the configs of several families need. */
public final class ConfigChecks {
    private static final Map<String, Activation> ACTIVATIONS = new TreeMap<>(Map.of(
            "relu", Activation.RELU,
            "gelu", Activation.GELU,
            "gelu_new", Activation.GELU_TANH,
            "gelu_pytorch_tanh", Activation.GELU_TANH,
            "silu", Activation.SILU,
            "swish", Activation.SILU,
            "tanh", Activation.TANH));

    private ConfigChecks() {}

    /** The non-linearity that a name of Hugging Face stands for; {@code raw} is the config's own text. */
    public static Activation activation(ModelConfig config, String key, String raw, String name) {
        Activation activation = ACTIVATIONS.get(name);
        if (activation == null) {
            throw config.problem(
                    "'" + key + "'; found " + raw + "; allowed " + String.join(", ", ACTIVATIONS.keySet()));
        }
        return activation;
    }

    /** A whole number of at least 1 that must be there. */
    public static int positive(ModelConfig config, String key) {
        return positive(config, key, config.integer(key));
    }

    /** A whole number of at least 1, or {@code fallback} when absent. */
    public static int positive(ModelConfig config, String key, int fallback) {
        int value = config.integer(key, fallback);
        if (value < 1) {
            throw config.problem("'" + key + "'; found " + value + "; allowed whole numbers from 1");
        }
        return value;
    }

    /** A probability below 1, or 0 when absent. */
    public static double probability(ModelConfig config, String key, double fallback) {
        double value = config.number(key, fallback);
        if (!(value >= 0 && value < 1)) {
            throw config.problem("'" + key + "'; found " + value + "; allowed 0 to below 1");
        }
        return value;
    }

    /** The task of a request, when the family can do it. */
    public static ModelTask task(ModelConfig config, ModelRequest request, List<ModelTask> allowed) {
        if (!allowed.contains(request.task())) {
            String names =
                    String.join(", ", allowed.stream().map(ConfigChecks::text).toList());
            throw config.problem("model_type '" + config.text("model_type", "") + "' as " + text(request.task())
                    + "; allowed " + names);
        }
        return request.task();
    }

    private static String text(ModelTask task) {
        return task.name().toLowerCase(Locale.ROOT);
    }
}
