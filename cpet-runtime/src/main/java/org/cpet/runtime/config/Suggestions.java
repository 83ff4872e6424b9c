package org.cpet.runtime.config;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cpet.spi.Nearest;

/** Guesses which name was meant. */
public final class Suggestions {
    private Suggestions() {}

    /**
     * The known name with the fewest edits, if they are few ({@link Nearest}); otherwise a single known name that ends or
     * starts with what was written, as {@code lora_alpha} for {@code alpha}.
     */
    public static Optional<String> nearest(String found, Collection<String> known) {
        Optional<String> close = Nearest.to(found, known);
        return close.isPresent() ? close : part(fold(found), known);
    }

    private static Optional<String> part(String wanted, Collection<String> known) {
        List<String> holding = wanted.isEmpty()
                ? List.of()
                : known.stream()
                        .filter(name ->
                                fold(name).endsWith("_" + wanted) || fold(name).startsWith(wanted + "_"))
                        .toList();
        return holding.size() == 1 ? Optional.of(holding.get(0)) : Optional.empty();
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }
}
