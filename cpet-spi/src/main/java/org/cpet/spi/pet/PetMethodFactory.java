package org.cpet.spi.pet;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cpet.spi.ExtensionFactory;

/** Service type of PET methods. */
public interface PetMethodFactory<O extends Record> extends ExtensionFactory<PetMethod, O> {
    /**
     * The options that an {@code adapter_config.json} stands for, when its {@code peft_type} is this method's.
     *
     * @param config the file's keys; a null is an absent key, an empty Optional or null itself
     * @throws org.cpet.spi.InputException when it is this method with a setting that is not supported; the message names
     *     the key, the caller puts the file before it
     */
    default Optional<O> fromPeft(Map<String, Object> config) {
        return Optional.empty();
    }

    /**
     * What every element of the method's tensors is where the method changes nothing: 0 for what is added, 1 for what is
     * multiplied; empty when they start from the model's own. Task vectors of its adapters start there unless they are given
     * an initial adapter or model.
     */
    default OptionalDouble neutralValue(O options) {
        return OptionalDouble.of(0);
    }
}
