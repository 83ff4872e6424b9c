package org.cpet.runtime.study;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.config.OptionsBinder;
import org.cpet.runtime.config.Overrides;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.config.RecipeException;
import org.cpet.runtime.config.RecipeReader;
import org.cpet.runtime.plan.RecipePlan;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Recipes;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.spi.InputException;

/** From a study file to a plan in which every recipe is sound. Reads no weight before nothing is wrong. */
public final class StudyReader {
    private static final Set<String> FREE = ImmutableSet.of( // messages list them in this order
            BaseRecipe.RECIPE,
            BaseRecipe.SET,
            GridVariants.GRID,
            GridVariants.VARIANTS,
            CompressorVariants.COMPRESSORS,
            CompressorVariants.IDEAL,
            EqualLatency.CANDIDATES);

    private final PluginCatalog catalog;
    private final Problems problems = new Problems();

    private StudyReader(PluginCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Reads a study file and lays out its cells.
     *
     * @param overrides assignments {@code a.b=c} to the recipe of all cells
     * @throws RecipeException with every problem of the file, of the recipe it names and of every variant, at its place
     */
    public static StudyPlan read(Path file, List<String> overrides, PluginCatalog catalog) {
        return new StudyReader(catalog).read(file, overrides);
    }

    private StudyPlan read(Path file, List<String> overrides) {
        ConfigTree tree = new RecipeReader(problems).read(file);
        OptionsBinder binder = new OptionsBinder(tree.folder(), problems);
        binder.reportUnknown(OptionSpec.of(StudyOptions.class), "", tree.root(), FREE);
        Optional<StudyOptions> options = binder.bindKnown(StudyOptions.class, "", tree.root());
        Optional<ConfigTree> base = new BaseRecipe(file, tree, problems)
                .read()
                .map(recipe -> new Overrides(problems).apply(recipe, overrides));
        Optional<ResolvedRecipe> recipe = base.flatMap(this::resolve);
        if (recipe.isEmpty()) {
            throw new RecipeException(problems.sorted());
        }
        // with a problem in the options, the variants are checked all the same
        StudyOptions settled = options.orElseGet(() -> StudyOptions.standIn(tree.find("study")));
        return plan(text(file, overrides), new StudyFile(tree, settled, base.orElseThrow(), recipe.get()));
    }

    private StudyPlan plan(String text, StudyFile study) {
        List<String> notices = new ArrayList<>();
        List<Variant> variants = new Variants(study, catalog, problems, notices).all();
        List<Long> seeds = study.options().seeds().orElse(List.of(study.recipe().seed()));
        Expansion expansion = new Expansion(study, catalog, problems);
        Expansion.Drafts drafts = expansion.drafts(variants, seeds);
        List<EqualLatency.Draft> dense = EqualLatency.drafts(study, expansion, seeds, problems);
        new SelectRules(study, problems).check(drafts.variants());
        problems.throwIfAny();
        if (study.options().study() == StudyKind.PARADIGMS && dense.isEmpty()) {
            notices.add("no row for a smaller dense model of equal latency: the study file has no '"
                    + EqualLatency.CANDIDATES + "'");
        }
        CellMaker maker = new CellMaker();
        return new StudyPlan(
                study.options(),
                text,
                study.recipe(),
                seeds,
                drafts.variants(),
                maker.cells(drafts),
                EqualLatency.of(dense, maker),
                notices);
    }

    private Optional<ResolvedRecipe> resolve(ConfigTree base) {
        try {
            ResolvedRecipe recipe = Recipes.resolve(base, catalog);
            RecipePlan.check(recipe, catalog);
            return Optional.of(recipe);
        } catch (RecipeException e) {
            e.problems().forEach(problems::add);
            return Optional.empty();
        }
    }

    /** The file, and in front of it what the command line changed. */
    private static String text(Path file, List<String> overrides) {
        try {
            StringBuilder text = new StringBuilder();
            overrides.forEach(assignment ->
                    text.append("# --set ").append(Message.oneLine(assignment)).append('\n'));
            return text + Files.readString(file);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
