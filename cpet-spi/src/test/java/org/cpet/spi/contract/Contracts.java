package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;

/** The arithmetic that the contracts share. */
final class Contracts {
    private Contracts() {}

    /** The logits as numbers; the tensors behind them are freed. */
    static double[] logits(Ops ops, TransformerModel model, TokenBatch batch, ForwardMode mode) {
        return scoped(ops, () -> numbers(model.forward(batch, mode).requireLogits()));
    }

    /** Frees all tensors that {@code body} makes. */
    @SuppressWarnings("try") // the scope is opened for what it closes
    static <T> T scoped(Ops ops, Supplier<T> body) {
        try (Ops.Scope scope = ops.scope()) {
            return body.get();
        }
    }

    /** A smooth loss of the logits, ½ mean (z − cos k)² with k the element's position: no plugin's loss is needed. */
    static NDArray loss(TransformerModel model, TokenBatch batch, ForwardMode mode) {
        NDArray z = model.forward(batch, mode).requireLogits();
        NDManager manager = z.getManager();
        NDArray target = manager.arange(0f, (float) z.size(), 1f)
                .cos()
                .toType(z.getDataType(), true)
                .reshape(z.getShape());
        // an array and not a number, which the graph would hold beyond its life
        return z.sub(target).square().mean().mul(manager.create(0.5f));
    }

    /** Moves every parameter away from where it started, the same way for the same seed. */
    static void nudge(ContractSession session, TrainableModule module, long seed) {
        for (TrainableTensor parameter : module.parameters()) {
            try (NDArray noise = noise(session.manager(), parameter, seed);
                    NDArray moved = parameter.value().add(noise)) {
                session.ops().assign(parameter.value(), moved);
            }
        }
    }

    /** Normal with deviation 0.2, in the parameter's type. */
    static NDArray noise(NDManager manager, TrainableTensor parameter, long seed) {
        Shape shape = parameter.value().getShape();
        NDArray drawn = Initializers.normal(manager, shape, 0.2, Seeded.random(seed, parameter.name()));
        if (parameter.value().getDataType() == DataType.FLOAT32) {
            return drawn;
        }
        try (drawn) {
            return drawn.toType(parameter.value().getDataType(), true);
        }
    }

    /** Trains a few steps and gives the loss before each. */
    static List<Double> train(
            ContractSession session, TransformerModel model, TrainableModule module, TokenBatch batch, int steps) {
        Ops ops = session.ops();
        List<NDArray> leaves =
                module.parameters().stream().map(TrainableTensor::value).toList();
        List<NDArray> first = leaves.stream().map(NDArray::zerosLike).toList();
        List<NDArray> second = leaves.stream().map(NDArray::zerosLike).toList();
        List<Double> losses = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            ops.seed(step);
            losses.add(gradients(ops, () -> loss(model, batch, ForwardMode.TRAINING)));
            ops.adamW(leaves, first, second, step, AdamWSettings.of(0.01, 0));
            leaves.forEach(ops::zeroGradient);
        }
        first.forEach(NDArray::close);
        second.forEach(NDArray::close);
        return losses;
    }

    /** Runs forward and backward and gives the loss; the gradients stay with the leaves. */
    static double gradients(Ops ops, Supplier<NDArray> loss) {
        return scoped(ops, () -> {
            NDArray value = ops.withGradients(loss);
            ops.backward(value);
            return number(value);
        });
    }

    static double number(NDArray scalar) {
        return numbers(scalar)[0];
    }

    /** The values in float64, whatever the type. */
    static double[] numbers(NDArray x) {
        if (x.getDataType() == DataType.FLOAT64) {
            return x.toDoubleArray();
        }
        float[] values = x.toFloatArray();
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    static void assertFinite(double[] values) {
        assertThat(values).isNotEmpty();
        assertThat(Arrays.stream(values).allMatch(Double::isFinite))
                .as("finite: %s", Arrays.toString(values))
                .isTrue();
    }

    /** max |x|. */
    static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    /** max |a − b|. */
    static double distance(double[] a, double[] b) {
        assertThat(a).hasSameSizeAs(b);
        return IntStream.range(0, a.length)
                .mapToDouble(i -> Math.abs(a[i] - b[i]))
                .max()
                .orElse(0);
    }

    /** Shape, type and a hash of the bytes of each tensor, by name. */
    static Map<String, String> prints(Map<String, NDArray> state) {
        Map<String, String> prints = new LinkedHashMap<>();
        state.forEach((name, tensor) -> prints.put(name, print(tensor)));
        return prints;
    }

    static Map<String, String> prints(List<ModelTensor> tensors) {
        Map<String, String> prints = new LinkedHashMap<>();
        tensors.forEach(tensor -> prints.put(tensor.name(), print(tensor.value())));
        return prints;
    }

    private static String print(NDArray tensor) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(tensor.toByteArray());
            return tensor.getDataType() + " " + tensor.getShape() + " "
                    + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
