package org.cpet.plugin.losses;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashSet;
import java.util.List;
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
 * Σ αᵢ Lᵢ of an encoder and the decoder beside it, each with its own weight.
 *
 * @param terms of the encoder first
 */
record SumOfDistances(Ops ops, List<DistillationLoss> terms) implements DistillationLoss {
    SumOfDistances {
        terms = List.copyOf(terms);
    }

    @Override
    public Set<OutputKind> needs() {
        Set<OutputKind> kinds = new LinkedHashSet<>();
        terms.forEach(term -> kinds.addAll(term.needs()));
        return kinds;
    }

    /** 1: the weights are those of the terms. */
    @Override
    public double alpha() {
        return 1;
    }

    @Override
    public boolean perExample() {
        return terms.get(0).perExample();
    }

    @Override
    public NDArray loss(ModelOutput student, TeacherOutput teacher, TokenBatch batch) {
        if (student.decoderHiddenStates().isEmpty()) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "distillation compares an encoder and a decoder; found a model with one stack; allowed"
                            + " encoder-decoder models, or last_hidden_mse");
        }
        return terms.stream()
                .map(term -> ops.scale(term.loss(student, teacher, batch), term.alpha()))
                .reduce(NDArray::add)
                .orElseThrow();
    }
}
