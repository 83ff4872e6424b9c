package org.cpet.spi.pet;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TrainableModule;

/** A PET module in a model. */
public interface PetModule extends TrainableModule {
    /**
     * Knowledge inheritance (paper, section 3.3): takes over what the same kind of module learnt on the original model,
     * cut to the rows and columns this model kept.
     *
     * @param taught the state of the module on the original model
     * @param lineage what this model kept of it
     */
    InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage);

    /** Whether {@link #merge} is possible on the model as it is. */
    boolean mergeable();

    /** Folds the module into the model's weights and detaches it. */
    void merge();

    /**
     * The keys of an {@code adapter_config.json} that describe this module, an empty Optional for null. A method that PEFT
     * does not have writes a {@code peft_type} of its own, such as {@code CPET_ADAPTER}, and reads it back in {@link
     * PetMethodFactory#fromPeft}; without any keys an adapter directory holds no config and opens only within its run.
     */
    Map<String, Object> peftConfig();
}
