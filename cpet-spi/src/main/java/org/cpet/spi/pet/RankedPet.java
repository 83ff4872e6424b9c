package org.cpet.spi.pet;

import java.util.List;
import java.util.Map;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;

/** A PET that consists of modules with ranks beside layers, of which some can be left out. */
public interface RankedPet extends PetModule {
    /** Its modules, in the model's order. */
    List<Part> parts();

    /** s of Δ = s · x downᵀ upᵀ, which each module adds to its layer's output. */
    double scale();

    /**
     * Keeps these ranks of each module, by the name of its layer; a module that is not listed goes. Values and scale stay
     * as they are. What is inherited later is cut the same way.
     */
    void keepRanks(Map<String, int[]> ranks);

    /**
     * One module.
     *
     * @param site the layer it stands beside
     * @param down [rank, in]
     * @param up [out, rank]
     * @param ranks which of the ranks it was made with these are, ascending
     */
    record Part(LinearSite site, TrainableTensor down, TrainableTensor up, List<Integer> ranks) {
        public Part {
            ranks = List.copyOf(ranks);
        }
    }
}
