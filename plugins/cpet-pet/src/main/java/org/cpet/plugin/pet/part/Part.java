package org.cpet.plugin.pet.part;

import java.util.List;
import java.util.Optional;
import org.cpet.spi.model.Lineage;

/** One piece of a PET module: some tensors and the place in a model where they act. */
public interface Part {
    /** What is trained here, in a fixed order; inherited together or not at all. */
    List<PartTensor> tensors();

    /** Puts the piece into the model. */
    void attach();

    /** Takes it out again. */
    void detach();

    /** Why the piece cannot be folded into the model's weights, as {@code 'layer'; found X; allowed Y}; empty when it can. */
    Optional<String> obstacle();

    /** Folds the detached piece into the model's weights. */
    void merge();

    /** Why what was learnt on the original model means nothing here; empty when shapes alone decide. */
    default Optional<String> uninheritable(Lineage lineage) {
        return Optional.empty();
    }
}
