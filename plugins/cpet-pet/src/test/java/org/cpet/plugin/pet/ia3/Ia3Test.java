package org.cpet.plugin.pet.ia3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
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
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Ia3Test {
    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void tensorsAreNamedAndShapedAsInPeft() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, Shape> shapes = new LinkedHashMap<>();
            ia3(List.of("all-key", "all-value", "all-ffn-out"), List.of("all-ffn-out"))
                    .attach(model)
                    .state()
                    .forEach((name, tensor) -> shapes.put(name, tensor.getShape()));

            assertThat(shapes)
                    .hasSize(6)
                    .containsEntry("toy.layer.0.attention.key.ia3_l", new Shape(8, 1))
                    .containsEntry("toy.layer.0.attention.value.ia3_l", new Shape(8, 1))
                    .containsEntry("toy.layer.1.ffn.out.ia3_l", new Shape(1, 12));
        }
    }

    @Test
    void anOutputIsScaledElementByElement() {
        OneLinearModel model = one(DataType.FLOAT32);
        PetModule module = ia3(List.of("layer"), List.of()).attach(model);
        module.load(Map.of("layer.ia3_l", numbers(new Shape(3, 1), 0.5f, 1, 2)));

        // W x = [2, 3, −1]
        assertThat(model.apply(input(DataType.FLOAT32), ForwardMode.EXACT).toFloatArray())
                .containsExactly(1, 3, -2);
        module.merge();
        assertThat(model.apply(input(DataType.FLOAT32), ForwardMode.EXACT).toFloatArray())
                .containsExactly(1, 3, -2);
    }

    @Test
    void anInputIsScaledBeforeTheProduct() {
        OneLinearModel model = one(DataType.FLOAT32);
        PetModule module = ia3(List.of("layer"), List.of("layer")).attach(model);
        module.load(Map.of("layer.ia3_l", numbers(new Shape(1, 2), 0.5f, 3)));

        assertThat(model.apply(input(DataType.FLOAT32), ForwardMode.EXACT).toFloatArray())
                .containsExactly(1, 9, -8);
        module.merge();
        assertThat(model.site().op().weight().toFloatArray()).containsExactly(0.5f, 0, 0, 3, 0.5f, -3);
    }

    @Test
    void aHalfPrecisionLayerKeepsItsType() {
        OneLinearModel model = one(DataType.FLOAT16);
        ia3(List.of("layer"), List.of()).attach(model);

        assertThat(model.apply(input(DataType.FLOAT16), ForwardMode.EXACT).getDataType())
                .isEqualTo(DataType.FLOAT16);
    }

    @Test
    void aWeightThatIsNotDenseCannotTakeTheScales() {
        OneLinearModel model = one(DataType.FLOAT32);
        model.site()
                .replace(new OpaqueLinear(session.ops().copy(model.site().op().weight())));
        PetModule module = ia3(List.of("layer"), List.of()).attach(model);

        assertThat(module.mergeable()).isFalse();
        assertThatThrownBy(module::merge)
                .isInstanceOf(OptionException.class)
                .hasMessage("ia3 cannot be folded into 'layer'; found a weight held as opaque; allowed dense weights");
    }

    @Test
    void feedForwardLayersMustBeTargets() {
        assertThatThrownBy(() -> new Ia3Options(List.of("k", "v"), List.of("wo")))
                .isInstanceOf(OptionException.class)
                .hasMessage("feedforward_modules must be among target_modules; found wo; allowed k, v");
    }

    @Test
    void writesTheKeysThatPeftWritesAndReadsThem() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Map<String, Object> written =
                    ia3(List.of("key", "out"), List.of("out")).attach(model).peftConfig();

            assertThat(written.keySet())
                    .containsExactly(
                            "auto_mapping",
                            "base_model_name_or_path",
                            "exclude_modules",
                            "fan_in_fan_out",
                            "feedforward_modules",
                            "inference_mode",
                            "init_ia3_weights",
                            "modules_to_save",
                            "peft_type",
                            "peft_version",
                            "revision",
                            "target_modules",
                            "task_type");
            assertThat(new Ia3Factory().fromPeft(written))
                    .contains(new Ia3Options(List.of("key", "out"), List.of("out")));
        }
    }

    @Test
    void rolesAreSpeltOutForPeft() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            assertThat(ia3(List.of("all-key", "all-ffn-out"), List.of("all-ffn-out"))
                            .attach(model)
                            .peftConfig())
                    .containsEntry("target_modules", List.of("key", "out"))
                    .containsEntry("feedforward_modules", List.of("out"));
        }
    }

    @Test
    void aConfigThatPeftWouldNotTakeIsRefused() {
        Map<String, Object> config =
                Map.of("peft_type", "IA3", "target_modules", List.of("k"), "feedforward_modules", List.of("wo"));

        assertThatThrownBy(() -> new Ia3Factory().fromPeft(config))
                .isInstanceOf(InputException.class)
                .hasMessage("feedforward_modules must be among target_modules; found wo; allowed k");
    }

    private PetMethod ia3(List<String> targets, List<String> inner) {
        return new Ia3Factory().create(new Ia3Options(targets, inner), session.context(1));
    }

    private OneLinearModel one(DataType type) {
        return OneLinearModel.of(
                session, numbers(new Shape(3, 2), 1, 0, 0, 1, 1, -1).toType(type, true));
    }

    private NDArray input(DataType type) {
        return numbers(new Shape(1, 2), 2, 3).toType(type, true);
    }

    private NDArray numbers(Shape shape, float... values) {
        return session.manager().create(values, shape);
    }
}
