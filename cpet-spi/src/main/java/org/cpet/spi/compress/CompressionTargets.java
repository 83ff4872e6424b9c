package org.cpet.spi.compress;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
        Set<LinearSpec> chosen =
                new LinkedHashSet<>(new TargetModules(targetModules).require("target_modules", blocks));
        chosen.addAll(new TargetModules(include).require("include", layout));
        return layout.linears().stream().filter(chosen::contains).toList();
    }

    /** The names of the layers chosen. */
    public Set<String> names(ModelLayout layout) {
        return match(layout).stream().map(LinearSpec::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
