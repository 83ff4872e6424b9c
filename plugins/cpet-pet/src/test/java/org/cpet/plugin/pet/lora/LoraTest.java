package org.cpet.plugin.pet.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.pet.OpaqueLinear;
import org.cpet.spi.InputException;
import org.cpet.spi.OptionException;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoraTest {
    private final ContractSession session = ContractSession.open();
    private final NDManager manager = session.manager();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void tensorsAreNamedAsInPeft() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, NDArray> state = lora(3, 6, 0, "query").attach(model).state();

            assertThat(state.keySet())
                    .containsExactly(
                            "toy.layer.0.attention.query.lora_A.weight",
                            "toy.layer.0.attention.query.lora_B.weight",
                            "toy.layer.1.attention.query.lora_A.weight",
                            "toy.layer.1.attention.query.lora_B.weight");
            assertThat(state.get("toy.layer.0.attention.query.lora_A.weight").getShape())
                    .isEqualTo(new Shape(3, 8));
            assertThat(state.get("toy.layer.0.attention.query.lora_B.weight").getShape())
                    .isEqualTo(new Shape(8, 3));
        }
    }

    @Test
    void theStartOfALayerDoesNotDependOnTheOtherTargets() {
        String name = "toy.layer.1.attention.value.lora_A.weight";
        try (ToyTransformer one = ToyTransformer.open(session, ToySpec.classifier());
                ToyTransformer two = ToyTransformer.open(session, ToySpec.classifier())) {
            NDArray alone = lora(4, 8, 0, "value").attach(one).state().get(name);
            NDArray amongOthers =
                    lora(4, 8, 0, "all-linear").attach(two).state().get(name);

            assertThat(alone.toFloatArray()).containsExactly(amongOthers.toFloatArray());
        }
    }

    @Test
    void theScaleIsAlphaOverRank() {
        OneLinearModel model = one(DataType.FLOAT32);
        PetModule module = lora(1, 2, 0, "layer").attach(model);
        module.load(worked());

        assertThat(model.apply(input(DataType.FLOAT32), ForwardMode.EXACT).toFloatArray())
                .containsExactly(-1, 2, 2);
    }

    @Test
    void rankStabilisationDividesByTheRootOfTheRank() {
        assertThat(new LoraOptions(16, 8, 0, true, false, List.of("layer")).scale())
                .isEqualTo(2);
        assertThat(new LoraOptions(16, 8, 0, false, false, List.of("layer")).scale())
                .isEqualTo(0.5);
    }

    @Test
    void mergingAddsScaleTimesBTimesA() {
        OneLinearModel model = one(DataType.FLOAT32);
        PetModule module = lora(1, 2, 0, "layer").attach(model);
        module.load(worked());

        module.merge();

        // W + 2 · [2,0,1]ᵀ [.5,−.5]
        assertThat(model.site().op().weight().toFloatArray()).containsExactly(3, -2, 0, 1, 2, 0);
        assertThatThrownBy(module::attach)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a merged module is part of the model's weights and cannot be attached");
    }

    @Test
    void aHalfPrecisionLayerKeepsItsType() {
        OneLinearModel model = one(DataType.FLOAT16);
        PetModule module = lora(1, 2, 0, "layer").attach(model);
        module.load(worked());

        NDArray output = model.apply(input(DataType.FLOAT16), ForwardMode.EXACT);

        assertThat(module.parameters())
                .allSatisfy(
                        parameter -> assertThat(parameter.value().getDataType()).isEqualTo(DataType.FLOAT32));
        assertThat(output.getDataType()).isEqualTo(DataType.FLOAT16);
        assertThat(output.toType(DataType.FLOAT32, true).toFloatArray()).containsExactly(-1, 2, 2);
        module.merge();
        assertThat(model.site().op().weight().getDataType()).isEqualTo(DataType.FLOAT16);
    }

    @Test
    void dropoutActsInTrainingOnly() {
        OneLinearModel model = one(DataType.FLOAT32);
        PetModule module = lora(1, 2, 0.5, "layer").attach(model);
        module.load(worked());
        NDArray rows = input(DataType.FLOAT32).repeat(0, 400);
        session.ops().seed(1);

        float[] exact = model.apply(rows, ForwardMode.EXACT).toFloatArray();
        float[] training = model.apply(rows, ForwardMode.TRAINING).toFloatArray();

        assertThat(exact).startsWith(-1, 2, 2).endsWith(-1, 2, 2);
        // each input is 0 or twice itself, so the update of the first output is 4·(.5·x1 − .5·x2) of x1 ∈ {0,2}, x2 ∈
        // {0,4}
        assertThat(first(training)).containsOnly(1, 1 + 4, 1 - 8, 1 - 4);
        // four standard errors of the mean of 400 rows
        assertThat(mean(first(training))).isCloseTo(-1, within(4 * 4.5 / 20));
    }

    @Test
    void aWeightThatIsNotDenseCannotTakeTheUpdate() {
        OneLinearModel model = one(DataType.FLOAT32);
        model.site()
                .replace(new OpaqueLinear(session.ops().copy(model.site().op().weight())));
        PetModule module = lora(1, 2, 0, "layer").attach(model);

        assertThat(module.mergeable()).isFalse();
        assertThatThrownBy(module::merge)
                .isInstanceOf(OptionException.class)
                .hasMessage("lora cannot be folded into 'layer'; found a weight held as opaque; allowed dense weights");
    }

    @Test
    void aTargetThatMatchesNothingIsRefused() {
        assertThat(lora(1, 2, 0, "q_proj").plan(one(DataType.FLOAT32).layout()).unmatched())
                .containsExactly("q_proj");
        assertThatThrownBy(() -> lora(1, 2, 0, "q_proj").attach(one(DataType.FLOAT32)))
                .isInstanceOf(OptionException.class)
                .hasMessage("target_modules: no linear layer has a name with this ending; found q_proj;"
                        + " allowed all-linear, or endings of names such as layer");
    }

    @Test
    void noTargetsAreRefused() {
        assertThatThrownBy(() -> new LoraOptions(8, 16, 0, List.of()))
                .isInstanceOf(OptionException.class)
                .hasMessage("target_modules must name at least one layer, was []");
    }

    @Test
    void whatDoesNotFitIsMissedWithTheReason() {
        OneLinearModel model = one(DataType.FLOAT32);
        PetModule module = lora(2, 4, 0, "layer").attach(model);
        Map<String, NDArray> half = new LinkedHashMap<>(worked());
        half.remove("layer.lora_B.weight");

        InheritanceReport otherRank = module.inherit(worked(), Lineage.of(model));
        InheritanceReport halfTaught = module.inherit(half, Lineage.of(model));

        assertThat(otherRank.missed())
                .containsExactly(
                        "layer.lora_A.weight: taught as (1, 2) and (3, 1), needed as (2, 2) and (3, 2)",
                        "layer.lora_B.weight: taught as (1, 2) and (3, 1), needed as (2, 2) and (3, 2)");
        assertThat(halfTaught.missed())
                .containsExactly(
                        "layer.lora_A.weight: not among the taught tensors",
                        "layer.lora_B.weight: not among the taught tensors");
    }

    @Test
    void loadingSaysWhichTensorDoesNotFit() {
        PetModule module = lora(1, 2, 0, "layer").attach(one(DataType.FLOAT32));
        Map<String, NDArray> state = new LinkedHashMap<>(worked());
        state.put("layer.lora_A.weight", manager.zeros(new Shape(1, 3)));

        assertThatThrownBy(() -> module.load(state))
                .isInstanceOf(InputException.class)
                .hasMessage("tensor 'layer.lora_A.weight' has another shape; found (1, 3); allowed (1, 2)");
        assertThatThrownBy(() -> module.load(Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessage("tensor 'layer.lora_A.weight' is missing");
        assertThatThrownBy(() -> module.load(Map.of("layer.lora_a.weight", state.get("layer.lora_A.weight"))))
                .isInstanceOf(InputException.class)
                .hasMessage("tensor 'layer.lora_a.weight' has no place in this module;"
                        + " did you mean layer.lora_A.weight?");
    }

    private PetMethod lora(int rank, double alpha, double dropout, String... targets) {
        return new LoraFactory().create(new LoraOptions(rank, alpha, dropout, List.of(targets)), session.context(1));
    }

    private OneLinearModel one(DataType type) {
        NDArray weight = manager.create(new float[] {1, 0, 0, 1, 1, 1}, new Shape(3, 2));
        return OneLinearModel.of(session, weight.toType(type, true));
    }

    private NDArray input(DataType type) {
        return manager.create(new float[] {1, 2}, new Shape(1, 2)).toType(type, true);
    }

    private Map<String, NDArray> worked() {
        return Map.of(
                "layer.lora_A.weight", manager.create(new float[] {0.5f, -0.5f}, new Shape(1, 2)),
                "layer.lora_B.weight", manager.create(new float[] {2, 0, 1}, new Shape(3, 1)));
    }

    private static float[] first(float[] rows) {
        float[] first = new float[rows.length / 3];
        for (int i = 0; i < first.length; i++) {
            first[i] = rows[3 * i];
        }
        return first;
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
