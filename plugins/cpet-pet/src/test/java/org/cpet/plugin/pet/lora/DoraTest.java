package org.cpet.plugin.pet.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.pet.OpaqueLinear;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoraTest {
    /** The last digit of the worked numbers. */
    private static final float ROUNDED = 1e-6f;

    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void theMagnitudeStartsAsTheLengthOfEachRow() {
        PetModule module = dora(one(), "layer", 0);

        assertThat(module.state().keySet())
                .containsExactly("layer.lora_A.weight", "layer.lora_B.weight", "layer.lora_magnitude_vector");
        assertThat(module.state().get("layer.lora_magnitude_vector").toFloatArray())
                .containsExactly(5, 2);
    }

    @Test
    void theUpdateTurnsARowAndTheMagnitudeKeepsItsLength() {
        OneLinearModel model = one();
        PetModule module = dora(model, "layer", 0);
        turn(module);

        assertThat(model.apply(numbers(new Shape(2, 2), 1, 0, 0, 1), ForwardMode.EXACT)
                        .toFloatArray())
                .containsExactly(new float[] {2.572479f, 0, 4.287465f, 2}, within(ROUNDED));
        module.merge();
        assertThat(model.site().op().weight().toFloatArray())
                .containsExactly(new float[] {2.572479f, 4.287465f, 0, 2}, within(ROUNDED));
    }

    @Test
    void aCompressedLayerIsAskedForTheWeightItStandsFor() {
        OneLinearModel model = one();
        model.site()
                .replace(new OpaqueLinear(session.ops().copy(model.site().op().weight())));
        PetModule module = dora(model, "layer", 0);
        turn(module);

        assertThat(model.apply(numbers(new Shape(1, 2), 1, 0), ForwardMode.EXACT)
                        .toFloatArray())
                .containsExactly(new float[] {2.572479f, 0}, within(ROUNDED));
        assertThat(module.mergeable()).isFalse();
    }

    @Test
    void dropoutReachesTheFrozenProductTooAsInPeft() {
        OneLinearModel model = one();
        PetModule module = dora(model, "layer", 0.5);
        turn(module);
        session.ops().seed(3);

        float[] training = model.apply(numbers(new Shape(1, 2), 1, 0).repeat(0, 64), ForwardMode.TRAINING)
                .toFloatArray();

        // x is 0 or twice itself beside the layer, never in it: 3 + (g − 1)·{0, 6}, with 3 g = 2.572479
        for (int row = 0; row < 64; row++) {
            boolean dropped = Math.abs(training[2 * row] - 3) < ROUNDED;
            assertThat(training[2 * row]).isCloseTo(dropped ? 3 : 3 + 2 * (2.572479f - 3), within(2 * ROUNDED));
        }
    }

    @Test
    void lengthsOfRowsThatLostColumnsAreNotInherited() {
        try (ToyTransformer whole = ToyTransformer.open(session, ToySpec.classifier());
                ToyTransformer narrow = ToyTransformer.open(session, ToySpec.classifier())) {
            PetModule taught = dora(whole, "ffn.out", 0);
            narrow.halve();
            InheritanceReport report = dora(narrow, "ffn.out", 0).inherit(taught.state(), Lineage.of(narrow));

            assertThat(report.coverage()).isZero();
            assertThat(report.missed())
                    .contains("toy.layer.0.ffn.out.lora_magnitude_vector: DoRA's lengths are those of whole rows;"
                            + " found 6 of 12 columns left; allowed layers that kept all columns");
        }
    }

    private void turn(PetModule module) {
        module.load(Map.of(
                "layer.lora_A.weight", numbers(new Shape(1, 2), 0, 1),
                "layer.lora_B.weight", numbers(new Shape(2, 1), 1, 0),
                "layer.lora_magnitude_vector", numbers(new Shape(2), 5, 2)));
    }

    private PetModule dora(TransformerModel model, String target, double dropout) {
        return new LoraFactory()
                .create(new LoraOptions(1, 1, dropout, false, true, List.of(target)), session.context(1))
                .attach(model);
    }

    private OneLinearModel one() {
        return OneLinearModel.of(session, numbers(new Shape(2, 2), 3, 4, 0, 2));
    }

    private NDArray numbers(Shape shape, float... values) {
        return session.manager().create(values, shape);
    }
}
