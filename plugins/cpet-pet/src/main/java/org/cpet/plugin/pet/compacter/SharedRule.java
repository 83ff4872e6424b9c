package org.cpet.plugin.pet.compacter;

import java.util.List;
import java.util.Optional;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartTensor;

/** C of all adapters of a model; it has no place of its own. */
record SharedRule(PartTensor rule) implements Part {
    @Override
    public List<PartTensor> tensors() {
        return List.of(rule);
    }

    @Override
    public void attach() {}

    @Override
    public void detach() {}

    @Override
    public Optional<String> obstacle() {
        return Optional.empty();
    }

    @Override
    public void merge() {}
}
