package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.cpet.it.support.FixtureModels;
import org.cpet.it.support.Shared;
import org.cpet.plugin.moe.Clustering;
import org.cpet.plugin.moe.MoeficationFactory;
import org.cpet.plugin.moe.MoeficationOptions;
import org.cpet.plugin.moe.RouterKind;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experts are written beside dense weights: with that file the model computes experts, without it every neuron. */
class ExpertDirectoryTest {
    private static final FixtureModels MODELS = new FixtureModels();

    /** Sums of the same products in the order that experts have put the neurons into. */
    private static final float ROUNDING = 1e-4f;

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        MODELS.close();
    }

    @Test
    void aDirectoryOpensAsTheExpertsItWasWrittenFrom() throws IOException {
        Path source = Shared.path("fixtures/t5_v10_relu_tied");
        float[] dense;
        float[] experts;
        try (TransformerModel model = MODELS.load(source)) {
            dense = logits(model, source);
            new MoeficationFactory().create(options(), MODELS).compress(model, CalibrationData.NONE);
            experts = logits(model, source);
            new ModelWriter(MODELS.ops()).write(model, ModelDirectory.open(source), folder);
            try (TransformerModel opened = MODELS.load(folder)) {
                assertThat(opened.layout().feedForwards())
                        .isEqualTo(model.layout().feedForwards());
                assertThat(logits(opened, source)).containsExactly(experts);
                assertThat(experts).isNotEqualTo(dense);
            }
        }
        Path blocks = folder.resolve("blocks.json");
        String right = Files.readString(blocks);
        Files.writeString(blocks, right.replace("\"top_k\" : 1", "\"top_k\" : 9"));
        assertThatThrownBy(() -> MODELS.load(folder))
                .hasMessageContaining("cannot be 9 of 4 experts; allowed a number of experts that divides the neurons");
        Files.writeString(blocks, right.replace("\"format\" : \"experts\"", "\"format\" : \"expert\""));
        assertThatThrownBy(() -> MODELS.load(folder))
                .hasMessageEndingWith("no plugin computes this kind of block; found expert; allowed experts;"
                        + " did you mean experts?");
        Files.delete(blocks);
        try (TransformerModel stock = MODELS.load(folder)) {
            assertThat(logits(stock, source)).containsExactly(dense, within(ROUNDING));
        }
    }

    private static MoeficationOptions options() {
        return new MoeficationOptions(
                4,
                0.25,
                Optional.empty(),
                Clustering.PARAMETERS,
                RouterKind.SIMILARITY,
                Optional.empty(),
                true,
                16,
                64,
                1,
                0.01);
    }

    private static float[] logits(TransformerModel model, Path source) {
        Ops ops = MODELS.ops();
        try (Ops.Scope scope = ops.scope()) {
            return ops.withoutGradients(() -> model.forward(
                            MODELS.batch(source.resolve("golden/inputs.safetensors"), model.manager()),
                            ForwardMode.EXACT)
                    .requireLogits()
                    .toFloatArray());
        }
    }
}
