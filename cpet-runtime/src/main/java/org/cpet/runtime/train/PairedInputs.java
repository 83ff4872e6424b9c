package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * What the layers of one name read in two models on the same rows: the Gram matrices of their inputs over real tokens, in
 * float64.
 */
final class PairedInputs {
    /** Rows beyond which the matrices hardly change. */
    private static final long ROWS = 256;

    private final Ops ops;
    private final TransformerModel student;
    private final TransformerModel teacher;
    private final Map<String, Grams> grams = new LinkedHashMap<>();
    private long seen;

    PairedInputs(Ops ops, TransformerModel student, TransformerModel teacher) {
        this.ops = ops;
        this.student = student;
        this.teacher = teacher;
    }

    /** Gram matrices of one layer: X_sᵀ X_s, X_sᵀ X_t, X_tᵀ X_t. */
    record Grams(NDArray students, NDArray crossed, NDArray teachers) {
        private static Grams zero(NDManager owner, int in, int taught) {
            return new Grams(zeros(owner, in, in), zeros(owner, in, taught), zeros(owner, taught, taught));
        }

        private static NDArray zeros(NDManager owner, int rows, int columns) {
            return owner.zeros(new Shape(rows, columns), DataType.FLOAT64);
        }

        private void add(NDArray x, NDArray taught) {
            students.addi(x.transpose().matMul(x));
            crossed.addi(x.transpose().matMul(taught));
            teachers.addi(taught.transpose().matMul(taught));
        }
    }

    /** Runs rows through both models, whatever is attached to them. */
    Map<String, Grams> measure(Set<String> layers, CalibrationData calibration, NDManager owner) {
        Map<String, LinearSite> own = named(student, layers);
        Map<String, LinearSite> others = named(teacher, layers);
        own.forEach((name, site) -> {
            LinearSite other = others.get(name);
            if (other != null) {
                grams.put(name, Grams.zero(owner, site.op().in(), other.op().in()));
            }
        });
        ops.withoutGradients(() -> {
            calibration.forEach(batch -> add(batch, own, others));
            return grams;
        });
        return grams;
    }

    private void add(TokenBatch batch, Map<String, LinearSite> own, Map<String, LinearSite> others) {
        if (seen >= ROWS) {
            return;
        }
        seen += batch.inputIds().getShape().get(0);
        Ops.Scope scope = ops.scope();
        try (scope) {
            Map<String, NDArray> taught = inputs(teacher, others, batch);
            Map<String, NDArray> read = inputs(student, own, batch);
            grams.forEach((name, gram) ->
                    gram.add(Objects.requireNonNull(read.get(name)), Objects.requireNonNull(taught.get(name))));
            // copies, because models free what their blocks read
            read.values().forEach(NDArray::close);
            taught.values().forEach(NDArray::close);
        }
    }

    /** The inputs of the layers [tokens, in], zeros in place of padding. */
    private Map<String, NDArray> inputs(TransformerModel model, Map<String, LinearSite> sites, TokenBatch batch) {
        Map<String, NDArray> inputs = new HashMap<>();
        List<LinearSite.Observation> observations = new ArrayList<>();
        try {
            sites.forEach((name, site) -> observations.add(site.observe(
                    x -> inputs.put(name, ops.copy(real(x, batch, model.readsDecoder(site)))))));
            model.forward(batch, ForwardMode.EXACT);
        } finally {
            observations.forEach(LinearSite.Observation::close);
        }
        return inputs;
    }

    /** Padding is replaced, not multiplied by zero: it may hold NaN. */
    private NDArray real(NDArray x, TokenBatch batch, boolean decoder) {
        Shape shape = x.getShape();
        NDArray wide = ops.cast(x, DataType.FLOAT64);
        NDArray mask = decoder && batch.labels().isPresent()
                ? batch.labels().get().neq(TokenBatch.IGNORED)
                : batch.attentionMask().neq(0);
        boolean byToken = shape.dimension() == 3 && mask.getShape().equals(new Shape(shape.get(0), shape.get(1)));
        NDArray counted = byToken ? NDArrays.where(mask.expandDims(2).broadcast(shape), wide, wide.zerosLike()) : wide;
        return counted.reshape(-1, shape.get(shape.dimension() - 1));
    }

    private static Map<String, LinearSite> named(TransformerModel model, Set<String> layers) {
        Map<String, LinearSite> named = new LinkedHashMap<>();
        model.linears().stream()
                .filter(site -> layers.contains(site.name()))
                .forEach(site -> named.put(site.name(), site));
        return named;
    }
}
