package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * The original model with its own PET, frozen: no dropout, exact arithmetic, no graph. Answers by computing.
 *
 * @param kinds the outputs that the distillation loss compares
 */
record Teacher(Ops ops, TransformerModel model, Set<OutputKind> kinds) implements TeacherAnswers {
    private ForwardMode mode() {
        return kinds.stream().anyMatch(OutputKind::ofAllLayers)
                ? ForwardMode.EXACT.withHiddenStates()
                : ForwardMode.EXACT;
    }

    @Override
    public TeacherOutput of(MicroBatch batch) {
        return ops.withoutGradients(() -> {
            ModelOutput output = model.forward(batch.tokens(), mode());
            Map<OutputKind, NDArray> answers = new EnumMap<>(OutputKind.class);
            kinds.forEach(kind -> answers.put(kind, kind.of(output)));
            return new TeacherOutput(answers);
        });
    }
}
