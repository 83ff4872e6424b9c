package org.cpet.plugin.pet.peft;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TargetModules;

/** Names layers the way PEFT reads {@code target_modules}: by endings at a dot. */
public final class PeftTargets {
    private PeftTargets() {}

    /**
     * The endings as given, sorted; {@code all-linear} and its kin are spelt out, because PEFT takes the one to mean more
     * layers than those of attention and FFN blocks and does not know the others.
     */
    public static List<String> endings(List<String> targets, List<LinearSite> chosen, List<LinearSite> all) {
        if (targets.stream().noneMatch(TargetModules::isKeyword)) {
            return List.copyOf(new TreeSet<>(targets));
        }
        List<String> others = all.stream()
                .filter(site -> !chosen.contains(site))
                .map(LinearSite::name)
                .toList();
        return List.copyOf(chosen.stream()
                .map(site -> shortest(site.name(), others))
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The shortest ending of a name that is no ending of another layer's. */
    private static String shortest(String name, List<String> others) {
        int dot = name.lastIndexOf('.');
        while (dot >= 0) {
            String ending = name.substring(dot + 1);
            if (others.stream().noneMatch(other -> other.equals(ending) || other.endsWith("." + ending))) {
                return ending;
            }
            dot = name.lastIndexOf('.', dot - 1);
        }
        return name;
    }
}
