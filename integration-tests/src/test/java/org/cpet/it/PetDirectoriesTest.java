package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.it.support.SmallFamily;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.interop.AdapterFiles;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Extensions;
import org.cpet.runtime.script.Methods;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.runtime.script.ScriptContext;
import org.cpet.runtime.train.TrainableClassifier;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a PET method writes as an adapter directory opens as the same module with the same outputs. */
class PetDirectoriesTest {
    private static final EngineSession ENGINE = EngineSession.open(DeviceChoice.parse("cpu"), 1);
    private static final PluginCatalog CATALOG =
            PluginCatalog.discover(PetDirectoriesTest.class.getClassLoader(), List.of());
    private static final List<String> TARGETS = List.of("all-query", "all-value", "all-ffn-out");

    private final ScriptContext context = new ScriptContext(ENGINE, 3, notice -> {});

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        ENGINE.close();
        CATALOG.close();
    }

    static Stream<Arguments> methods() {
        return Stream.of(
                        Arguments.of("lora", Map.of("r", 4, "use_rslora", true, "target_modules", TARGETS)),
                        Arguments.of("lora", Map.of("r", 4, "use_dora", true, "target_modules", TARGETS)),
                        Arguments.of("ia3", Map.of()),
                        Arguments.of("adapter", Map.of("bottleneck_dim", 3, "activation", "silu")),
                        Arguments.of("parallel_adapter", Map.of("scale", 0.5)),
                        Arguments.of("compacter", Map.of("reduction_factor", 4)),
                        Arguments.of("bitfit", Map.of()),
                        Arguments.of("full", Map.of()))
                .flatMap(method -> Stream.of(SmallFamily.values())
                        .map(family -> Arguments.of(method.get()[0], method.get()[1], family)));
    }

    @ParameterizedTest(name = "{0} {1} on {2}")
    @MethodSource("methods")
    void anAdapterDirectoryOpensAsItWasWritten(String method, Map<String, Object> options, SmallFamily family)
            throws IOException {
        Path base = model(family);
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        try (NDManager manager = ENGINE.manager().newSubManager();
                OpenedModel plain = OpenedModel.open(base, null, DataType.FLOAT32, ENGINE, CATALOG, context)) {
            TokenBatch batch = family.batch(manager);
            float[] untouched = logits(plain.model(), batch);
            PetModule pet = Methods.pet(CATALOG, method, options, context).attach(plain.model());
            Set<String> taken =
                    pet.parameters().stream().map(TrainableTensor::name).collect(Collectors.toSet());
            TrainableClassifier head = TrainableClassifier.attach(ENGINE.ops(), plain.model(), taken);
            pet.parameters().forEach(this::nudge);
            head.parameters().forEach(this::nudge);
            String origin =
                    ModelLineage.of(base, ModelDirectory.open(base).weights()).origin();
            for (Map.Entry<String, Contents> file : AdapterFiles.of(
                            Optional.of(pet), head, Optional.empty(), Optional.empty(), "", origin)
                    .entrySet()) {
                write(adapter.resolve(file.getKey()), file.getValue());
            }

            try (OpenedModel opened = OpenedModel.open(base, adapter, DataType.FLOAT32, ENGINE, CATALOG, context)) {
                float[] expected = logits(plain.model(), batch);
                assertThat(expected).as("the adapter has an effect").isNotEqualTo(untouched);
                assertThat(logits(opened.model(), batch)).containsExactly(expected);
            }
            head.close();
            pet.close();
        }
    }

    /** Moves a tensor by a tenth of a wave. */
    private void nudge(TrainableTensor parameter) {
        try (NDArray wave = parameter
                        .value()
                        .getManager()
                        .arange((float) parameter.value().size())
                        .sin()
                        .mul(0.1)
                        .reshape(parameter.value().getShape());
                NDArray moved = parameter.value().add(wave)) {
            ENGINE.ops().assign(parameter.value(), moved);
        }
    }

    private Path model(SmallFamily family) {
        ModelDirectory start = ModelDirectory.open(family.write(folder.resolve("start")));
        ModelLoader loader = new ModelLoader(Extensions.families(CATALOG, context), ENGINE, context);
        try (TransformerModel model = loader.random(start, family.request(), DataType.FLOAT32)) {
            new ModelWriter(ENGINE.ops()).write(model, start, folder.resolve("model"));
        }
        return folder.resolve("model");
    }

    @SuppressWarnings("try") // the scope frees what the pass makes
    private static float[] logits(TransformerModel model, TokenBatch batch) {
        try (Ops.Scope scope = ENGINE.ops().scope()) {
            return model.forward(batch, ForwardMode.EXACT).requireLogits().toFloatArray();
        }
    }

    private static void write(Path file, Contents contents) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        contents.writeTo(bytes -> {
            byte[] part = new byte[bytes.remaining()];
            bytes.get(part);
            whole.writeBytes(part);
        });
        Files.write(file, whole.toByteArray());
    }
}
