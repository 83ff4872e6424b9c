package org.cpet.runtime.data;

import java.util.Optional;
import org.cpet.spi.data.Example;

/** What a language model should answer: the word of the class, or the completion itself. */
record Answers(Optional<ClassLabels> labels) {
    String of(Example example) {
        return labels.map(classes -> classes.words().get(classes.indexOf(example.label())))
                .orElse(example.label());
    }
}
