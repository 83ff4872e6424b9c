package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cpet.it.support.Opened;
import org.cpet.it.support.Shared;
import org.cpet.plugin.pet.bitfit.BitFitFactory;
import org.cpet.plugin.pet.bitfit.BitFitOptions;
import org.cpet.plugin.pet.full.FullFactory;
import org.cpet.plugin.pet.ia3.Ia3Factory;
import org.cpet.plugin.pet.ia3.Ia3Options;
import org.cpet.plugin.pet.lora.LoraFactory;
import org.cpet.plugin.pet.lora.LoraOptions;
import org.cpet.spi.NoOptions;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Initializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inheritance by kept indices is exact: what a pruned model inherits is what merging, then pruning, gives. */
class ShapeInheritanceTest {
    private static final Opened OPENED = new Opened();
    private static final int DRAWS = 3;

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        OPENED.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void inheritingIsMergingThenPruning(String family) {
        Path model = Shared.path("fixtures/" + family);
        List<PetMethod> methods = new ArrayList<>(List.of(
                new LoraFactory()
                        .create(new LoraOptions(3, 6, 0, false, false, List.of("all-linear")), OPENED.context()),
                new Ia3Factory()
                        .create(
                                new Ia3Options(List.of("all-key", "all-value", "all-ffn-out"), List.of("all-ffn-out")),
                                OPENED.context()),
                new FullFactory().create(new NoOptions(), OPENED.context())));
        if (family.contains("bert")) { // the others have no biases to fold into
            methods.add(new BitFitFactory().create(new BitFitOptions(true, true, Optional.empty()), OPENED.context()));
        }
        for (int draw = 0; draw < DRAWS; draw++) {
            for (PetMethod method : methods) {
                Cut cut = Cut.random(layout(model), draw);
                float[] merged = mergedThenPruned(model, method, cut, draw);
                float[] inherited = inherited(model, method, cut, draw);
                assertThat(merged).hasSameSizeAs(inherited);
                for (int i = 0; i < merged.length; i++) {
                    // relative above 1: T5's logits are tens
                    assertThat((double) inherited[i])
                            .as("%s, draw %s, logit %s", family, draw, i)
                            .isCloseTo(merged[i], within(1e-5 * Math.max(1, Math.abs(merged[i]))));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void aPrunedModelOpensAgainAsWhatItIs(String family) {
        Path source = Shared.path("fixtures/" + family);
        for (int draw = 0; draw < DRAWS; draw++) {
            Path target = folder.resolve(family + draw);
            float[] before;
            ModelLayout layout;
            try (TransformerModel model = OPENED.model(source)) {
                Cut.random(model.layout(), draw).applyTo(model);
                before = logits(model, source);
                layout = model.layout();
                OPENED.write(model, source, target);
            }
            try (TransformerModel model = OPENED.model(target)) {
                assertThat(model.layout().linears())
                        .usingRecursiveComparison()
                        .ignoringFields("name")
                        .isEqualTo(layout.linears());
                assertThat(model.layout().layers()).hasSameSizeAs(layout.layers());
                assertThat(logits(model, source)).isEqualTo(before);
            }
        }
    }

    private float[] mergedThenPruned(Path path, PetMethod method, Cut cut, int draw) {
        try (TransformerModel model = OPENED.model(path)) {
            PetModule module = taught(model, method, draw);
            module.merge();
            cut.applyTo(model);
            return logits(model, path);
        }
    }

    private float[] inherited(Path path, PetMethod method, Cut cut, int draw) {
        try (TransformerModel original = OPENED.model(path);
                TransformerModel pruned = OPENED.model(path);
                PetModule teacher = taught(original, method, draw)) {
            cut.applyTo(pruned);
            try (PetModule student = method.attach(pruned)) {
                InheritanceReport report = student.inherit(teacher.state(), Lineage.of(pruned));
                assertThat(report.missed()).isEmpty();
                assertThat(report.coverage()).isEqualTo(1);
                return logits(pruned, path);
            }
        }
    }

    /** A module whose tensors all moved. */
    private static PetModule taught(TransformerModel model, PetMethod method, int draw) {
        PetModule module = method.attach(model);
        for (TrainableTensor parameter : module.parameters()) {
            SplittableRandom random = new SplittableRandom(parameter.name().hashCode() + draw);
            try (NDArray noise = Initializers.normal(
                            model.manager(), parameter.value().getShape(), 0.05, random);
                    NDArray moved = parameter.value().add(noise)) {
                OPENED.ops().assign(parameter.value(), moved);
            }
        }
        return module;
    }

    private static float[] logits(TransformerModel model, Path path) {
        var scope = OPENED.ops().scope();
        try (scope) {
            TokenBatch batch = OPENED.batch(path.resolve("golden/inputs.safetensors"), model.manager());
            return OPENED.ops()
                    .withoutGradients(() -> model.forward(batch, ForwardMode.EXACT)
                            .requireLogits()
                            .toFloatArray());
        }
    }

    private static ModelLayout layout(Path path) {
        try (TransformerModel model = OPENED.model(path)) {
            return model.layout();
        }
    }

    /** What stays: other layers, heads, neurons and channels for each draw, not the same number in each layer. */
    private record Cut(List<String> layers, Map<String, int[]> groups, Map<String, int[]> units, int[] hidden) {
        static Cut random(ModelLayout layout, int draw) {
            SplittableRandom random = new SplittableRandom(draw);
            Map<String, List<String>> stacks = new LinkedHashMap<>();
            layout.layers()
                    .forEach(layer -> stacks.computeIfAbsent(
                                    layer.substring(0, layer.lastIndexOf('.')), name -> new ArrayList<>())
                            .add(layer));
            List<String> layers = stacks.values().stream()
                    .flatMap(stack -> IntStream.of(some(stack.size(), random)).mapToObj(stack::get))
                    .toList();
            Map<String, int[]> groups = new LinkedHashMap<>();
            layout.attentions().forEach(block -> groups.put(block.name(), some(block.groups(), random)));
            Map<String, int[]> units = new LinkedHashMap<>();
            layout.feedForwards().forEach(block -> units.put(block.name(), some(block.units(), random)));
            return new Cut(layers, groups, units, some(layout.hiddenSize(), random));
        }

        void applyTo(TransformerModel model) {
            model.keepLayers(layers);
            model.attentions().forEach(block -> block.keepGroups(groups.get(block.name())));
            model.feedForwards().forEach(block -> block.keepUnits(units.get(block.name())));
            model.keepHidden(hidden);
        }

        /** About two thirds of 0, 1, ..., at least one. */
        private static int[] some(int count, SplittableRandom random) {
            int sure = random.nextInt(count);
            return IntStream.range(0, count)
                    .filter(i -> i == sure || random.nextInt(3) > 0)
                    .toArray();
        }
    }
}
