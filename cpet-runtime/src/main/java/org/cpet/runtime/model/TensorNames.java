package org.cpet.runtime.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TensorSpec;

/** Finds the place of a file's tensor in a layout: with or without the base prefix, under an alias, by an old name. */
final class TensorNames {
    private static final Pattern OLD_SCALE = Pattern.compile("\\.LayerNorm\\.gamma$");
    private static final Pattern OLD_SHIFT = Pattern.compile("\\.LayerNorm\\.beta$");

    private final ModelLayout layout;
    private final Set<String> places;

    TensorNames(ModelLayout layout) {
        this.layout = layout;
        this.places = layout.tensors().stream().map(TensorSpec::name).collect(Collectors.toSet());
    }

    /** The layout's tensor that a file's tensor is. */
    Optional<String> place(String inFile) {
        return first(inFile, name -> places.contains(name) ? Optional.of(name) : Optional.empty());
    }

    /** The layout's tensor that a file's tensor repeats under another name. */
    Optional<String> original(String inFile) {
        return first(inFile, name -> Optional.ofNullable(layout.aliases().get(name)));
    }

    /** Whether a loader passes over the tensor. */
    boolean isBuffer(String inFile) {
        return layout.buffers().stream()
                .anyMatch(buffer -> buffer.matcher(inFile).matches());
    }

    private static Optional<String> first(List<String> candidates, Function<String, Optional<String>> rule) {
        return candidates.stream().map(rule).flatMap(Optional::stream).findFirst();
    }

    private Optional<String> first(String inFile, Function<String, Optional<String>> rule) {
        return first(candidates(inFile), rule);
    }

    private List<String> candidates(String inFile) {
        String name = OLD_SHIFT
                .matcher(OLD_SCALE.matcher(inFile).replaceFirst(".LayerNorm.weight"))
                .replaceFirst(".LayerNorm.bias");
        String prefix = layout.basePrefix();
        List<String> candidates = new ArrayList<>(List.of(name));
        if (!prefix.isEmpty()) {
            candidates.add(name.startsWith(prefix) ? name.substring(prefix.length()) : prefix + name);
        }
        return candidates;
    }
}
