package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.pet.RankedPet;
import org.cpet.spi.tensor.Ops;

/**
 * What an estimation left of a PET: the ranks of the modules that stay, and the values they were trained to.
 *
 * @param ranks by PET module
 * @param values of P and the head before anything was left out; empty where they are loaded later
 */
public record EarlyPet(Map<String, int[]> ranks, Map<String, NDArray> values) {
    /** Copies the values of a module that an estimation trained. */
    static EarlyPet of(Ops ops, Map<String, int[]> ranks, TaskModule trained) {
        Map<String, NDArray> values = new LinkedHashMap<>();
        trained.state().forEach((name, tensor) -> values.put(name, ops.copy(tensor)));
        return new EarlyPet(ranks, values);
    }

    /** Cuts a fresh module the same way and gives it the values, through what its model kept. */
    void into(TaskModule module) {
        Lineage lineage = Lineage.of(module.model());
        module.pet().map(RankedPet.class::cast).ifPresent(pet -> {
            pet.keepRanks(ranks);
            if (!values.isEmpty()) {
                pet.inherit(values, lineage);
            }
        });
        if (!values.isEmpty()) {
            module.classifier().inherit(values, lineage);
        }
    }
}
