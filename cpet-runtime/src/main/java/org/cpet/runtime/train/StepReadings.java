package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/**
 * Losses and gradient norms that wait on the device. Reading one makes the host wait for the device, so they are read
 * together, and only when something is logged, evaluated or saved.
 */
final class StepReadings implements AutoCloseable {
    private final List<Pending> waiting = new ArrayList<>();

    private record Pending(long step, double learningRate, List<NDArray> losses, NDArray norm) {}

    /** Takes over the scalars that a step left. */
    void add(long step, double learningRate, OptimizerStep.Outcome outcome) {
        waiting.add(new Pending(step, learningRate, outcome.losses(), outcome.norm()));
    }

    /**
     * Reads everything that waits and gives the steps' losses in order.
     *
     * @throws CpetException when one is not a finite number, naming the first such step
     */
    List<Double> read(String stage) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        float[] values = values();
        List<Double> losses = new ArrayList<>();
        int at = 0;
        for (Pending step : waiting) {
            double loss = 0;
            for (int i = 0; i < step.losses.size(); i++) {
                loss += values[at++];
            }
            check(stage, step, "loss", loss);
            check(stage, step, "gradient norm", values[at++]);
            losses.add(loss);
        }
        close();
        return losses;
    }

    private float[] values() {
        NDList scalars = new NDList();
        for (Pending step : waiting) {
            step.losses.forEach(scalars::add);
            scalars.add(step.norm);
        }
        NDList flat = new NDList();
        scalars.forEach(scalar -> flat.add(scalar.reshape(new Shape(1))));
        try (NDArray joined = NDArrays.concat(flat);
                NDArray floats = joined.toType(DataType.FLOAT32, false)) {
            return floats.toFloatArray();
        } finally {
            flat.close();
        }
    }

    private static void check(String stage, Pending step, String what, double value) {
        if (!Double.isFinite(value)) {
            throw new CpetException(
                    ExitCode.DIVERGED,
                    "stage " + stage + " diverged at step " + step.step + "; found " + what + " " + value
                            + " at learning rate " + step.learningRate
                            + "; allowed finite numbers: lower the learning rate or max_grad_norm");
        }
    }

    @Override
    public void close() {
        waiting.forEach(step -> {
            step.losses.forEach(NDArray::close);
            step.norm.close();
        });
        waiting.clear();
    }
}
