package org.cpet.spi.model;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.spi.Nearest;
import org.cpet.spi.OptionException;

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

    /**
     * The layers chosen, in the model's order.
     *
     * @param key what a recipe calls the endings, for the message
     * @throws OptionException when an ending chooses nothing
     */
    public List<LinearSpec> require(String key, ModelLayout layout) {
        unmatched(layout).stream().findFirst().ifPresent(ending -> {
            throw new OptionException(problem(key, ending, layout));
        });
        return match(layout);
    }

    /**
     * The sites chosen, in the model's order.
     *
     * @throws OptionException when an ending chooses nothing
     */
    public List<LinearSite> sites(TransformerModel model) {
        Set<String> names = require("target_modules", model.layout()).stream()
                .map(LinearSpec::name)
                .collect(Collectors.toSet());
        return model.linears().stream()
                .filter(site -> names.contains(site.name()))
                .toList();
    }

    private static String problem(String key, String ending, ModelLayout layout) {
        Set<String> last = layout.linears().stream()
                .map(linear -> linear.name().substring(linear.name().lastIndexOf('.') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> names = Stream.concat(
                        Stream.concat(Stream.of(ALL_LINEAR), last.stream()),
                        layout.linears().stream().map(LinearSpec::name))
                .toList();
        return key + ": no linear layer has a name with this ending; found " + ending + "; allowed " + ALL_LINEAR
                + ", or endings of names such as " + String.join(", ", last) + Nearest.hint(ending, names);
    }

    private static boolean matches(String ending, LinearSpec linear) {
        String name = linear.name();
        return ending.equals(ALL_LINEAR) ? linear.role().inBlock() : name.equals(ending) || name.endsWith("." + ending);
    }
}
