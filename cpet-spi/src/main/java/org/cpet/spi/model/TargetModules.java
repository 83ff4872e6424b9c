package org.cpet.spi.model;

import java.util.List;

/**
 * Chooses layers by the ends of their dotted names, or all of attention and FFN with {@code all-linear}. An ending
 * matches at a dot: {@code layer.0.q} never matches {@code layer.10.q}.
 */
public record TargetModules(List<String> endings) {
    /** Every linear layer of attention and FFN blocks. */
    public static final String ALL_LINEAR = "all-linear";

    public TargetModules {
        endings = List.copyOf(endings);
    }

    /** The layers chosen, in the model's order. */
    public List<LinearSpec> match(ModelLayout layout) {
        return layout.linears().stream()
                .filter(linear -> endings.stream().anyMatch(ending -> matches(ending, linear)))
                .toList();
    }

    /** The endings that choose nothing. */
    public List<String> unmatched(ModelLayout layout) {
        return endings.stream()
                .filter(ending -> layout.linears().stream().noneMatch(linear -> matches(ending, linear)))
                .toList();
    }

    private static boolean matches(String ending, LinearSpec linear) {
        String name = linear.name();
        return ending.equals(ALL_LINEAR) ? linear.role().inBlock() : name.equals(ending) || name.endsWith("." + ending);
    }
}
