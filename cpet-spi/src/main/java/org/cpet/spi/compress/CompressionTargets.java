package org.cpet.spi.compress;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.spi.Nearest;
import org.cpet.spi.OptionException;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TargetModules;

/**
 * Which linear layers a compressor changes: those of attention and FFN blocks that {@code targetModules} chooses, and
 * whatever {@code include} names. Poolers, classifiers and output heads are compressed only when {@code include} names
 * them.
 *
 * @param targetModules name endings within the blocks, or {@code all-linear}
 * @param include name endings anywhere in the model
 */
public record CompressionTargets(List<String> targetModules, List<String> include) {
    public CompressionTargets {
        targetModules = List.copyOf(targetModules);
        include = List.copyOf(include);
    }

    /**
     * The layers chosen, in the model's order.
     *
     * @throws OptionException when an ending chooses nothing
     */
    public List<LinearSpec> match(ModelLayout layout) {
        ModelLayout blocks = layout.with(layout.blockLinears(), layout.attentions(), layout.feedForwards());
        Set<LinearSpec> chosen = new LinkedHashSet<>(choose("target_modules", targetModules, blocks));
        chosen.addAll(choose("include", include, layout));
        return layout.linears().stream().filter(chosen::contains).toList();
    }

    /** The names of the layers chosen. */
    public Set<String> names(ModelLayout layout) {
        return match(layout).stream().map(LinearSpec::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<LinearSpec> choose(String key, List<String> endings, ModelLayout layout) {
        TargetModules targets = new TargetModules(endings);
        targets.unmatched(layout).stream().findFirst().ifPresent(ending -> {
            throw new OptionException(unmatched(key, ending, layout));
        });
        return targets.match(layout);
    }

    private static String unmatched(String key, String ending, ModelLayout layout) {
        Set<String> last = layout.linears().stream()
                .map(linear -> linear.name().substring(linear.name().lastIndexOf('.') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> names = Stream.concat(
                        Stream.concat(Stream.of(TargetModules.ALL_LINEAR), last.stream()),
                        layout.linears().stream().map(LinearSpec::name))
                .toList();
        return key + ": no linear layer has a name with this ending; found " + ending + "; allowed "
                + TargetModules.ALL_LINEAR + ", or endings of names such as " + String.join(", ", last)
                + Nearest.hint(ending, names);
    }
}
