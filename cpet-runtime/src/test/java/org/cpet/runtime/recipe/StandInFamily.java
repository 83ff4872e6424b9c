package org.cpet.runtime.recipe;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.model.TransformerModel;

/** A family with {@code query}, {@code value} and {@code ffn} in each layer, hidden size 8, eleven words. */
public final class StandInFamily implements ModelFamilyFactory {
    private static final int HIDDEN = 8;
    private static final int VOCABULARY = 11;

    /** A directory with a config of two layers, a tokenizer file, and weights of zeros. */
    public static Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"stand_in\", \"layers\": 2}");
        Files.writeString(directory.resolve("tokenizer.json"), "{}");
        StringJoiner header = new StringJoiner(",", "{", "}");
        long offset = 0;
        for (TensorSpec tensor : layout(2, 3).tensors()) {
            if (!tensor.optional()) {
                long end = offset + 4 * tensor.shape().size();
                header.add("\"" + tensor.name() + "\":{\"dtype\":\"F32\",\"shape\":["
                        + tensor.shape().get(0) + "," + tensor.shape().get(1) + "],\"data_offsets\":[" + offset + ","
                        + end + "]}");
                offset = end;
            }
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate((int) (8 + json.length + offset)).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                directory.resolve("model.safetensors"),
                file.putLong(json.length).put(json).array());
        return directory;
    }

    @Override
    public String name() {
        return "stand_in";
    }

    @Override
    public String description() {
        return "a family for tests";
    }

    @Override
    public ModelFamily create(NoOptions options, PluginContext context) {
        return new ModelFamily() {
            @Override
            public boolean recognizes(ModelConfig config) {
                return config.text("model_type", "").equals("stand_in");
            }

            @Override
            public List<String> modelTypes() {
                return List.of("stand_in");
            }

            @Override
            public ModelTask nativeTask(ModelConfig config) {
                return ModelTask.SEQ_CLS;
            }

            @Override
            public ModelLayout layout(ModelConfig config, ModelRequest request) {
                return StandInFamily.layout(config.integer("layers"), Math.max(2, request.labels()));
            }

            @Override
            public TransformerModel build(
                    ModelConfig config, ModelRequest request, TensorSource tensors, PluginContext plugins) {
                throw new IllegalStateException("stand-ins never run");
            }
        };
    }

    private static ModelLayout layout(int layers, int labels) {
        List<LinearSpec> linears = new ArrayList<>();
        List<AttentionSpec> attentions = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            String layer = "layer." + i;
            linears.add(LinearSpec.dense(layer + ".query", LinearRole.QUERY, HIDDEN, HIDDEN, false));
            linears.add(LinearSpec.dense(layer + ".value", LinearRole.VALUE, HIDDEN, HIDDEN, false));
            linears.add(LinearSpec.dense(layer + ".ffn", LinearRole.FFN_IN, 4 * HIDDEN, HIDDEN, false));
            attentions.add(new AttentionSpec(layer, "query", "key", "value", "output", 2, 1, 4));
        }
        linears.add(LinearSpec.dense("classifier", LinearRole.CLASSIFIER, labels, HIDDEN, false));
        TensorSpec.Start zero = new TensorSpec.Constant(0);
        List<TensorSpec> tensors = new ArrayList<>();
        tensors.add(TensorSpec.required("embeddings.weight", new Shape(VOCABULARY, HIDDEN), zero));
        for (LinearSpec linear : linears) {
            tensors.add(new TensorSpec(
                    linear.name() + ".weight",
                    new Shape(linear.out(), linear.in()),
                    zero,
                    linear.role() == LinearRole.CLASSIFIER));
        }
        return new ModelLayout(
                "stand_in",
                ModelTask.SEQ_CLS,
                HIDDEN,
                VOCABULARY,
                "",
                tensors,
                List.of(),
                linears,
                attentions,
                List.of());
    }
}
