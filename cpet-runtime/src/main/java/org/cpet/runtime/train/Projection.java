package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.cpet.runtime.train.PairedInputs.Grams;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.RankedPet;
import org.cpet.spi.pet.RankedPet.Part;
import org.cpet.spi.tensor.Ops;

/**
 * Inheritance where no index map exists: another width, a rotation, another rank. Each module of the student is fitted to
 * what the teacher's module of the same layer gives out, by least squares over calibration rows: {@link LinearFit}. Where
 * the layers' outputs differ too, the teacher's are first mapped to the student's, M = argmin ‖X_t W_tᵀ M − X_s W_sᵀ‖² for
 * the layers' own weights.
 */
public final class Projection {
    private final Ops ops;
    private final CalibrationData calibration;

    public Projection(Ops ops, CalibrationData calibration) {
        this.ops = ops;
        this.calibration = calibration;
    }

    /** A model with the modules in it. */
    public record Side(TransformerModel model, RankedPet pet) {
        private Map<String, Part> parts() {
            return pet.parts().stream()
                    .collect(Collectors.toMap(
                            part -> part.site().name(), part -> part, (a, b) -> a, LinkedHashMap::new));
        }
    }

    /** A report where the modules that found no place are fitted; tells how well. */
    static InheritanceReport complete(
            InheritanceReport report,
            TaskModule taught,
            TaskModule fresh,
            Lineage lineage,
            Projection projection,
            Consumer<String> notices) {
        if (!(taught.pet().orElse(null) instanceof RankedPet teacher)
                || !(fresh.pet().orElse(null) instanceof RankedPet student)) {
            return report;
        }
        Set<String> tensors =
                report.missed().stream().map(missed -> missed.split(":", 2)[0]).collect(Collectors.toSet());
        Map<String, Part> missed = new LinkedHashMap<>(new Side(fresh.model(), student).parts());
        missed.values().removeIf(part -> !tensors.contains(part.down().name()));
        Map<String, Double> errors = projection.fit(
                new Side(taught.model(), teacher), new Side(fresh.model(), student), missed.keySet(), lineage);
        Map<String, Double> projected = new LinkedHashMap<>();
        missed.forEach((layer, part) -> {
            Double error = errors.get(layer);
            if (error != null) {
                projected.put(part.down().name(), error);
                projected.put(part.up().name(), error);
            }
        });
        errors.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .ifPresent(worst -> notices.accept(String.format(
                        Locale.ROOT,
                        "inheritance projected the modules of %d layers; error relative to the teacher's output: mean %.4f,"
                                + " worst %.4f at %s",
                        errors.size(),
                        errors.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElse(0),
                        worst.getValue(),
                        worst.getKey())));
        return new InheritanceReport(
                report.inherited(),
                report.sliced(),
                report.missed().stream()
                        .filter(text -> !projected.containsKey(text.split(":", 2)[0]))
                        .toList(),
                projected);
    }

    /**
     * Fits the student's modules beside these layers.
     *
     * @return for each layer fitted, the error relative to the teacher's output
     */
    public Map<String, Double> fit(Side teacher, Side student, Set<String> layers, Lineage lineage) {
        Map<String, Part> taught = teacher.parts();
        Map<String, Part> own = student.parts();
        Set<String> both = layers.stream()
                .filter(name -> taught.containsKey(name) && own.containsKey(name))
                .collect(Collectors.toSet());
        Map<String, Double> errors = new LinkedHashMap<>();
        try (NDManager owner = student.model().manager().newSubManager()) {
            Map<String, Grams> grams =
                    new PairedInputs(ops, student.model(), teacher.model()).measure(both, calibration, owner);
            for (Map.Entry<String, Part> entry : own.entrySet()) {
                Part source = taught.get(entry.getKey());
                Grams gram = grams.get(entry.getKey());
                if (source != null && gram != null) {
                    errors.put(
                            entry.getKey(),
                            fit(
                                    source,
                                    teacher.pet().scale(),
                                    entry.getValue(),
                                    student.pet().scale(),
                                    gram,
                                    lineage));
                }
            }
        }
        return errors;
    }

    private double fit(Part taught, double taughtScale, Part own, double ownScale, Grams grams, Lineage lineage) {
        Ops.Scope scope = ops.scope();
        try (scope) {
            return ops.withoutGradients(() -> {
                NDArray update = wide(taught.up().value())
                        .matMul(wide(taught.down().value()))
                        .mul(taughtScale);
                NDArray map = ontoOutputs(update, taught.site(), own.site(), grams, lineage);
                int rank = (int) own.down().value().getShape().get(0);
                LinearFit fit = LinearFit.of(ops, grams.students(), grams.crossed(), grams.teachers(), map, rank);
                ops.assign(own.up().value(), filled(fit.up(), own.up().value().getShape()));
                ops.assign(
                        own.down().value(),
                        filled(fit.down().div(ownScale), own.down().value().getShape()));
                return fit.error();
            });
        }
    }

    /** The teacher's update in the student's outputs: rows picked where a map of indices is known, else fitted. */
    private NDArray ontoOutputs(NDArray update, LinearSite from, LinearSite to, Grams grams, Lineage lineage) {
        KeptIndices kept = lineage.linears().get(to.name());
        if (kept != null
                && kept.originalOut() == from.op().out()
                && kept.rows().length == to.op().out()) {
            return ops.select(update, 0, kept.rows());
        }
        NDArray theirs = wide(from.op().weight());
        NDArray ours = wide(to.op().weight());
        NDArray outputs = theirs.matMul(grams.teachers()).matMul(theirs.transpose());
        NDArray crossed = theirs.matMul(grams.crossed().transpose()).matMul(ours.transpose());
        return LinearFit.ridged(ops, outputs, crossed).transpose().matMul(update);
    }

    /** Ranks that the fit does not need are zero. */
    private NDArray filled(NDArray values, Shape shape) {
        if (values.getShape().equals(shape)) {
            return ops.cast(values, DataType.FLOAT32);
        }
        int axis = values.getShape().get(0) == shape.get(0) ? 1 : 0;
        long[] rest = shape.getShape().clone();
        rest[axis] -= values.getShape().get(axis);
        NDArray zeros = values.getManager().zeros(new Shape(rest), values.getDataType());
        return ops.cast(values.concat(zeros, axis), DataType.FLOAT32);
    }

    private NDArray wide(NDArray values) {
        return ops.cast(values, DataType.FLOAT64);
    }
}
