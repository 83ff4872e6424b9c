package org.cpet.plugin.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/**
 * L_DIST = (1 / S) Σ_j Σ ‖h_j − t_m(j)‖² / n over the student's layers j = 1 ... S, in float32 over the counted positions;
 * t are the teacher's T layers and m(j) = ⌈j T / S⌉, so that a student with fewer layers compares with evenly spaced ones
 * and the last with the last. n is counted positions × hidden size, or the number of examples.
 */
final class LayerwiseHiddenMse implements DistillationLoss {
    private final Ops ops;
    private final LayerwiseHiddenOptions options;
    private final OutputKind kind;

    LayerwiseHiddenMse(Ops ops, LayerwiseHiddenOptions options) {
        this.ops = ops;
        this.options = options;
        this.kind = options.encoder() ? OutputKind.ENCODER_HIDDEN_LAYERS : OutputKind.HIDDEN_LAYERS;
    }

    @Override
    public Set<OutputKind> needs() {
        return Set.of(kind);
    }

    @Override
    public double alpha() {
        return options.alpha();
    }

    @Override
    public boolean perExample() {
        return options.reduction() == Reduction.SUM_PER_EXAMPLE;
    }

    /** The teacher's layer, from 1, that the student's layer {@code j} is compared with. */
    static int layer(int j, int students, int teachers) {
        return (j * teachers + students - 1) / students;
    }

    @Override
    public NDArray loss(ModelOutput student, TeacherOutput teacher, TokenBatch batch) {
        List<NDArray> states = states(student);
        int layers = states.size() - 1;
        NDArray taught = teacher.get(kind);
        long hidden = states.get(1).getShape().get(2);
        long width = taught.getShape().get(2);
        if (width % hidden != 0 || width / hidden < layers) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "layerwise_hidden_mse: the teacher's layers are " + width + " wide together; found a student of "
                            + layers + " layers, each " + hidden
                            + " wide; allowed one hidden size and no more layers than the teacher has");
        }
        Optional<NDArray> counted = CountedPositions.of(kind, student, batch);
        NDArray sum = ops.withoutGradients(() -> states.get(1).getManager().create(0f));
        for (int j = 1; j <= layers; j++) {
            long first = (layer(j, layers, (int) (width / hidden)) - 1) * hidden;
            NDArray reference = taught.get(new NDIndex(":, :, {}:{}", first, first + hidden));
            NDArray ours = states.get(j);
            sum = sum.add(ops.custom(List.of(ours), new SquaredDistance(ops, ours, reference, counted)));
        }
        return ops.scale(sum.div(count(states.get(1), counted)), 1.0 / layers);
    }

    private NDArray count(NDArray state, Optional<NDArray> counted) {
        if (perExample()) {
            return state.getManager().create((float) state.getShape().get(0));
        }
        long hidden = state.getShape().get(2);
        return counted.map(mask ->
                        mask.toType(DataType.FLOAT32, true).sum().mul(hidden).maximum(1))
                .orElseGet(() -> state.getManager().create((float) state.size()));
    }

    private List<NDArray> states(ModelOutput student) {
        boolean decoder = !options.encoder() && !student.decoderHiddenStates().isEmpty();
        return decoder ? student.decoderHiddenStates() : student.hiddenStates();
    }
}
