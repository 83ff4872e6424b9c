package org.cpet.plugin.pet.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.OneLinearModel;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

/** DoRA on one layer against differences of its formula, with the lengths held where they were. */
final class DoraGradients implements AutoCloseable {
    private static final double STEP = 1e-5;
    private static final int OUT = 3;
    private static final int IN = 4;
    private static final int RANK = 2;
    private static final double SCALE = 1.5;

    private final ContractSession session = ContractSession.openFloat64();
    private final double[] weight = wave(OUT * IN, 1);
    private final double[] input = wave(IN, 2);
    private final Map<String, double[]> start = new LinkedHashMap<>(Map.of(
            "layer.lora_A.weight", wave(RANK * IN, 3),
            "layer.lora_B.weight", wave(OUT * RANK, 4),
            "layer.lora_magnitude_vector", wave(OUT, 5)));

    void assertAgree() {
        Ops ops = session.ops();
        OneLinearModel model = OneLinearModel.of(session, array(weight, OUT, IN));
        PetModule module = new LoraFactory()
                .create(new LoraOptions(RANK, SCALE * RANK, 0, false, true, List.of("layer")), session.context(1))
                .attach(model);
        Map<String, NDArray> state = new LinkedHashMap<>();
        module.state()
                .forEach((name, tensor) ->
                        state.put(name, array(start.get(name), tensor.getShape().getShape())));
        module.load(state);
        double[] lengths = lengths(start);
        try (Ops.Scope scope = ops.scope()) {
            NDArray loss = ops.withGradients(() -> model.apply(array(input, 1, IN), ForwardMode.EXACT)
                    .square()
                    .sum()
                    .mul(0.5));
            ops.backward(loss);
            assertThat(loss.toDoubleArray()[0]).isCloseTo(loss(start, lengths), within(1e-12));
        }
        module.parameters()
                .forEach(parameter -> assertThat(ops.gradient(parameter.value()).toDoubleArray())
                        .as("gradient of %s", parameter.name())
                        // rounding gives 1e-16 / h = 1e-11 and the third derivative h² = 1e-10
                        .containsExactly(slopes(parameter.name(), lengths), within(1e-8)));
    }

    private double[] slopes(String name, double[] lengths) {
        double[] slopes = new double[start.get(name).length];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = (loss(moved(name, i, STEP), lengths) - loss(moved(name, i, -STEP), lengths)) / (2 * STEP);
        }
        return slopes;
    }

    private Map<String, double[]> moved(String name, int index, double step) {
        Map<String, double[]> moved = new LinkedHashMap<>(start);
        double[] values = start.get(name).clone();
        values[index] += step;
        moved.put(name, values);
        return moved;
    }

    /** ½ ‖y‖² with y_o = m_o / length_o · (W + s B A)_o x. */
    private double loss(Map<String, double[]> at, double[] lengths) {
        double sum = 0;
        for (int o = 0; o < OUT; o++) {
            double y = 0;
            for (int i = 0; i < IN; i++) {
                y += direction(at, o, i) * input[i];
            }
            y *= at.get("layer.lora_magnitude_vector")[o] / lengths[o];
            sum += 0.5 * y * y;
        }
        return sum;
    }

    private double[] lengths(Map<String, double[]> at) {
        double[] lengths = new double[OUT];
        for (int o = 0; o < OUT; o++) {
            double sum = 0;
            for (int i = 0; i < IN; i++) {
                sum += direction(at, o, i) * direction(at, o, i);
            }
            lengths[o] = Math.sqrt(sum);
        }
        return lengths;
    }

    private double direction(Map<String, double[]> at, int o, int i) {
        double value = weight[o * IN + i];
        for (int r = 0; r < RANK; r++) {
            value += SCALE * at.get("layer.lora_B.weight")[o * RANK + r] * at.get("layer.lora_A.weight")[r * IN + i];
        }
        return value;
    }

    private NDArray array(double[] values, long... shape) {
        return session.manager().create(values, new Shape(shape));
    }

    private static double[] wave(int length, int seed) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = Math.cos(seed * 10 + i);
        }
        return values;
    }

    @Override
    public void close() {
        session.close();
    }
}
