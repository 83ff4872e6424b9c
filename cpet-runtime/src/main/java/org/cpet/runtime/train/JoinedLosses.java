package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;

/** Several distillation losses as one whose terms are theirs. */
record JoinedLosses(List<DistillationLoss> losses) implements DistillationLoss {
    @Override
    public Set<OutputKind> needs() {
        Set<OutputKind> kinds = new LinkedHashSet<>();
        losses.forEach(loss -> kinds.addAll(loss.needs()));
        return kinds;
    }

    /** 1: the weights are those of the terms. */
    @Override
    public double alpha() {
        return 1;
    }

    @Override
    public List<DistillationLoss> terms() {
        return losses.stream().flatMap(loss -> loss.terms().stream()).toList();
    }

    @Override
    public NDArray loss(ModelOutput student, TeacherOutput teacher, TokenBatch batch) {
        throw new IllegalStateException("the terms are asked one by one, each over its own positions");
    }
}
