package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Overrides;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.config.RecipeException;
import org.cpet.runtime.plan.RecipePlan;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.Recipes;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.study.Variant.Change;

/** From variants and seeds to recipes; variants that differ in nothing but their rows share one. */
final class Expansion {
    private final StudyFile study;
    private final PluginCatalog catalog;
    private final Problems problems;

    Expansion(StudyFile study, PluginCatalog catalog, Problems problems) {
        this.study = study;
        this.catalog = catalog;
        this.problems = problems;
    }

    /**
     * Recipes in the order in which they are run.
     *
     * @param variants those given; where one shows all rows, with the rows that its own recipe measures
     */
    record Drafts(List<Draft> all, List<Variant> variants) {}

    /** A recipe that some variants read their rows from. */
    record Draft(long seed, List<String> variants, ResolvedRecipe recipe) {}

    /** A variant and its recipe before others are joined to it. */
    private record Member(Variant variant, ResolvedRecipe recipe) {}

    Drafts drafts(List<Variant> variants, List<Long> seeds) {
        List<Draft> all = new ArrayList<>();
        Map<String, List<Paradigm>> shown = new HashMap<>();
        for (long seed : seeds) {
            Map<String, List<Member>> groups = new LinkedHashMap<>();
            for (Variant variant : variants) {
                resolve(variant, variant.rows(), seed).ifPresent(recipe -> {
                    shown.put(variant.name(), rows(recipe));
                    groups.computeIfAbsent(CellKeys.withoutRows(recipe.yaml()), none -> new ArrayList<>())
                            .add(new Member(variant, recipe));
                });
            }
            List<Draft> drafts = new ArrayList<>();
            groups.values().forEach(group -> draft(group, seed).ifPresent(drafts::add));
            // what measures most rows comes first: the others can take its stages
            drafts.sort((one, other) -> Integer.compare(
                    rows(other.recipe()).size(), rows(one.recipe()).size()));
            all.addAll(drafts);
        }
        return new Drafts(
                all,
                variants.stream()
                        .map(variant -> variant.rows().isEmpty()
                                ? variant.withRows(shown.getOrDefault(variant.name(), List.of()))
                                : variant)
                        .toList());
    }

    /** One recipe for all of a group: it measures every row that one of them shows. */
    private Optional<Draft> draft(List<Member> group, long seed) {
        Member first = group.get(0);
        List<String> names =
                group.stream().map(member -> member.variant().name()).toList();
        if (group.stream().allMatch(member -> rows(member.recipe()).equals(rows(first.recipe())))) {
            return Optional.of(new Draft(seed, names, first.recipe()));
        }
        List<Paradigm> rows = Stream.of(Paradigm.values())
                .filter(row ->
                        group.stream().anyMatch(member -> rows(member.recipe()).contains(row)))
                .toList();
        return resolve(first.variant(), rows, seed).map(recipe -> new Draft(seed, names, recipe));
    }

    /** The recipe of a variant, once nothing is wrong with it. */
    private Optional<ResolvedRecipe> resolve(Variant variant, List<Paradigm> rows, long seed) {
        Overrides overrides = new Overrides(problems);
        ConfigTree tree = study.base();
        for (Change change : variant.changes()) {
            tree = overrides.put(tree, change.key(), change.value());
        }
        List<Change> more = new ArrayList<>(List.of(study.change("seed", String.valueOf(seed))));
        if (!rows.isEmpty()) {
            String keys = String.join(", ", rows.stream().map(Paradigm::key).toList());
            more.add(study.change("evaluation.compare", "[" + keys + "]"));
        }
        for (Change change : more) {
            tree = overrides.put(tree, change.key(), change.value());
        }
        try {
            ResolvedRecipe recipe = Recipes.resolve(tree, catalog);
            RecipePlan.check(recipe, catalog);
            return Optional.of(recipe);
        } catch (RecipeException e) {
            e.problems().forEach(problems::add);
            return Optional.empty();
        }
    }

    private static List<Paradigm> rows(ResolvedRecipe recipe) {
        return recipe.evaluation().compare();
    }
}
