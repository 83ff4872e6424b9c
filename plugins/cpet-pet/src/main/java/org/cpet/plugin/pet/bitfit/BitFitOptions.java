package org.cpet.plugin.pet.bitfit;

import java.util.List;
import java.util.Optional;
import org.cpet.spi.Option;

/**
 * Options of {@code bitfit}.
 *
 * @param addMissing whether layers of attention and FFN without a bias get one
 * @param norms whether biases of norms are trained
 * @param targetModules layers whose biases are trained; absent means all but those of the head
 */
public record BitFitOptions(
        @Option(
                description = "give layers of attention and FFN that have no bias one of zeros (keys excepted: softmax"
                        + " hides it)",
                defaultValue = "true")
        boolean addMissing,

        @Option(description = "train the biases of norms too", defaultValue = "true")
        boolean norms,

        @Option(description = "layers whose biases are trained: endings of names; without it all but those of the head")
        Optional<List<String>> targetModules) {
    public BitFitOptions {
        targetModules = targetModules.map(List::copyOf);
    }
}
