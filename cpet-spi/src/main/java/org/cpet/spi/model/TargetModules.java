package org.cpet.spi.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.spi.Nearest;
import org.cpet.spi.OptionException;

/**
 * Chooses layers by the ends of their dotted names, all of attention and FFN with {@code all-linear}, or all of one role
 * with {@code all-query}, {@code all-ffn-out}, ... An ending matches at a dot: {@code layer.0.q} never matches {@code
 * layer.10.q}.
 */
public record TargetModules(List<String> endings) {
    /** Every linear layer of attention and FFN blocks. */
    public static final String ALL_LINEAR = "all-linear";

    private static final Map<String, LinearRole> ROLES = Arrays.stream(LinearRole.values())
            .collect(Collectors.toMap(TargetModules::of, role -> role, (first, second) -> first, LinkedHashMap::new));

    public TargetModules {
        endings = List.copyOf(endings);
    }

    /** The text that chooses every layer of a role in every family: {@code all-query}, {@code all-ffn-out}, ... */
    public static String of(LinearRole role) {
        return "all-" + role.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a text chooses layers by what they do instead of what they are called. */
    public static boolean isKeyword(String ending) {
        return ending.equals(ALL_LINEAR) || ROLES.containsKey(ending);
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
        List<String> names = Stream.of(
                        Stream.of(ALL_LINEAR),
                        ROLES.keySet().stream(),
                        last.stream(),
                        layout.linears().stream().map(LinearSpec::name))
                .flatMap(texts -> texts)
                .toList();
        return key + ": no linear layer has a name with this ending; found " + ending + "; allowed " + ALL_LINEAR
                + ", or endings of names such as " + String.join(", ", last) + Nearest.hint(ending, names);
    }

    private static boolean matches(String ending, LinearSpec linear) {
        String name = linear.name();
        return (ending.equals(ALL_LINEAR) && linear.role().inBlock())
                || linear.role() == ROLES.get(ending)
                || name.equals(ending)
                || name.endsWith("." + ending);
    }
}
