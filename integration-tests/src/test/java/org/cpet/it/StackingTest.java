package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.cpet.it.support.Shared;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.Methods;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every ordered pair of compressors: refused in the plan with the reason, or done as planned. */
class StackingTest {
    private static final EngineSession ENGINE = EngineSession.open(DeviceChoice.parse("cpu"), 0);

    /** Pairs whose second cannot work on what the first leaves. */
    private static final TreeSet<String> REFUSED = new TreeSet<>(List.of(
            "int8, int8",
            "int8, masks",
            "int8, nf4",
            "int8, rtn",
            "int8, rtn in groups",
            "nf4, experts",
            "nf4, heads",
            "nf4, int8",
            "nf4, masks",
            "nf4, neurons",
            "nf4, nf4",
            "nf4, rtn",
            "nf4, rtn in groups",
            "rtn, int8",
            "rtn, masks",
            "rtn, nf4",
            "rtn, rtn",
            "rtn, rtn in groups",
            "rtn in groups, experts",
            "rtn in groups, int8",
            "rtn in groups, masks",
            "rtn in groups, neurons",
            "rtn in groups, nf4",
            "rtn in groups, rtn",
            "rtn in groups, rtn in groups",
            "experts, experts",
            "experts, neurons",
            "experts, relu"));

    private final PluginContext context = new Host();
    private final PluginCatalog catalog = PluginCatalog.discover(StackingTest.class.getClassLoader(), List.of());

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void everyPairIsRefusedInThePlanOrDoneAsPlanned() {
        Path path = Shared.path("fixtures/t5_v10_relu_tied");
        Map<String, Compressor> all = compressors();
        List<String> refused = new ArrayList<>();
        for (Map.Entry<String, Compressor> first : all.entrySet()) {
            for (Map.Entry<String, Compressor> second : all.entrySet()) {
                try (TransformerModel model = load(path)) {
                    ModelLayout between = first.getValue().plan(model.layout());
                    Optional<ModelLayout> plan = plan(second.getValue(), between);
                    if (plan.isEmpty()) {
                        refused.add(first.getKey() + ", " + second.getKey());
                    } else {
                        ModelLayout planned = plan.get();
                        first.getValue().compress(model, CalibrationData.NONE);
                        second.getValue().compress(model, CalibrationData.NONE);
                        assertThat(shapes(model.layout()))
                                .as("%s, %s", first.getKey(), second.getKey())
                                .isEqualTo(shapes(planned));
                        assertThat(model.layout().feedForwards()).isEqualTo(planned.feedForwards());
                    }
                }
            }
        }
        assertThat(new TreeSet<>(refused)).isEqualTo(REFUSED);
    }

    @Test
    void refusalsNameTheLayerAndTheWayOut() {
        Map<String, Compressor> all = compressors();
        try (TransformerModel model = load(Shared.path("fixtures/t5_v10_relu_tied"))) {
            ModelLayout int8 = all.get("int8").plan(model.layout());
            ModelLayout experts = all.get("experts").plan(model.layout());

            assertThatThrownBy(() -> all.get("masks").plan(int8))
                    .hasMessage(
                            "unstructured_pruning after int8: layer encoder.block.0.layer.0.SelfAttention.q is held as"
                                    + " int8; put unstructured_pruning before it, or leave one of them out");
            assertThatThrownBy(() -> all.get("neurons").plan(experts))
                    .hasMessage(
                            "FFN encoder.block.0.layer.1.DenseReluDense is computed as 3 of 8 experts and cannot lose"
                                    + " neurons; put what removes them before that");
        }
    }

    /** Empty where it is refused. */
    private static Optional<ModelLayout> plan(Compressor compressor, ModelLayout layout) {
        try {
            return Optional.of(compressor.plan(layout));
        } catch (CpetException e) {
            assertThat(e.exitCode()).isEqualTo(ExitCode.RECIPE);
            return Optional.empty();
        }
    }

    /** Without bytes: those of packed rows that lose columns are planned in proportion. */
    private static List<String> shapes(ModelLayout layout) {
        return layout.linears().stream()
                .map(layer -> layer.name() + " " + layer.out() + " " + layer.in() + " " + layer.storage())
                .toList();
    }

    private Map<String, Compressor> compressors() {
        Map<String, Compressor> all = new LinkedHashMap<>();
        add(all, "heads", "structured_pruning", Map.of("heads", 0.5, "criterion", "magnitude"));
        add(all, "neurons", "structured_pruning", Map.of("ffn", 0.5, "criterion", "magnitude"));
        add(all, "masks", "unstructured_pruning", Map.of("pattern", "2:4"));
        add(all, "int8", "int8", Map.of());
        add(all, "rtn", "rtn", Map.of("bits", 4));
        add(all, "rtn in groups", "rtn", Map.of("bits", 4, "group_size", 3));
        add(all, "nf4", "nf4", Map.of());
        add(all, "relu", "relufication", Map.of());
        add(all, "experts", "moefication", Map.of("experts", 8, "top_k", 3));
        return all;
    }

    private void add(Map<String, Compressor> all, String name, String method, Map<String, Object> options) {
        all.put(name, Methods.compressor(catalog, method, options, context));
    }

    private TransformerModel load(Path path) {
        List<ModelFamily> known = ServiceLoader.load(ModelFamilyFactory.class).stream()
                .map(factory -> factory.get().create(new NoOptions(), context))
                .toList();
        ModelFamilies families = new ModelFamilies(known);
        ModelDirectory directory = ModelDirectory.open(path);
        return new ModelLoader(families, ENGINE, context)
                .load(directory, directory.nativeRequest(families), DataType.FLOAT32);
    }

    private record Host() implements PluginContext {
        @Override
        public Ops ops() {
            return ENGINE.ops();
        }

        @Override
        public RandomGenerator random(String name) {
            return new SplittableRandom(name.hashCode());
        }

        @Override
        public void notice(String message) {}
    }
}
