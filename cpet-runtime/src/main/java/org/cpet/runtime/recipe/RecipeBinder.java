package org.cpet.runtime.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.OptionsBinder;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.plugin.PluginEntry;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.estimate.EstimationMethod;
import org.cpet.spi.estimate.EstimationMethodFactory;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.DistillationLossFactory;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.loss.TaskLossFactory;
import org.cpet.spi.metric.MetricFactory;
import org.cpet.spi.metric.MetricMethod;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;
import org.cpet.spi.recover.RecoveryMethod;
import org.cpet.spi.recover.RecoveryMethodFactory;

/** Binds every section of a recipe and puts the parts together. */
final class RecipeBinder {
    private static final String METRICS = "metrics";
    private static final String LOSSES = "losses";

    private final ConfigTree tree;
    private final Problems problems;
    private final Sections sections;
    private final OptionsBinder options;
    private final MethodBinder methods;
    private final PluginCatalog catalog;

    RecipeBinder(ConfigTree tree, PluginCatalog catalog, Problems problems) {
        this.tree = tree;
        this.problems = problems;
        this.catalog = catalog;
        this.sections = new Sections(tree, problems);
        this.options = new OptionsBinder(tree.folder(), problems);
        this.methods = new MethodBinder(catalog, options, problems);
    }

    ResolvedRecipe resolve() {
        sections.reportUnknown();
        BoundRecipe bound = bind();
        Optional<DataSource> source = new DataBinder(tree, catalog, options, methods, problems).bind(bound);
        RecipeFiles files = new RecipeFiles(tree, problems);
        if (files.check(bound)) {
            planLayouts(bound, files.methodsAreThere());
        }
        SectionRules rules = new SectionRules(tree, sections, problems);
        rules.check(bound);
        List<Paradigm> rows = rules.rows(bound, source);
        problems.throwIfAny();
        return bound.resolved(tree, source, rows);
    }

    List<Configured<Compressor>> resolveCompression() {
        sections.reportUnknown();
        sections.require(RecipeSection.COMPRESSION);
        List<Configured<Compressor>> compression = compression();
        new RecipeFiles(tree, problems).checkCompression(compression);
        problems.throwIfAny();
        return compression;
    }

    /** Finds targets that choose nothing and compressors that do not fit together; whatever could not be bound is left out. */
    private void planLayouts(BoundRecipe bound, boolean filesAreThere) {
        LayoutPlanner planner = new LayoutPlanner(tree, new EnginelessContext(0), problems);
        int written = sections.items(RecipeSection.COMPRESSION)
                .map(items -> items.items().size())
                .orElse(0);
        List<Configured<Compressor>> compression =
                filesAreThere && bound.compression().size() == written ? bound.compression() : List.of();
        LayoutRules rules = new LayoutRules(tree, new EnginelessContext(0), problems);
        ModelSection model = bound.model().orElseThrow();
        planner.layout(model, 0, catalog).ifPresent(layout -> {
            rules.checkLength(bound.data(), bound.healing(), planner.longestRow(model, catalog));
            // without a teacher the PET never sees the original model; where nothing compresses, nothing else shows it
            boolean original = bound.teacher().isPresent() || compression.isEmpty();
            planner.plan(layout, bound.pet(), original, bound.estimation(), compression, bound.recovery())
                    .ifPresent(plan -> {
                        rules.checkShapes(bound.inheritance(), plan);
                        rules.checkProjected(bound.inheritance(), bound.pet());
                        new HealingRules(tree, new EnginelessContext(0), problems).check(bound.healing(), plan);
                    });
        });
    }

    private BoundRecipe bind() {
        sections.require(RecipeSection.MODEL);
        Optional<EvaluationSection> evaluation = options.bind(
                EvaluationSection.class,
                RecipeSection.EVALUATION.key(),
                MethodNames.only(sections.orEmpty(RecipeSection.EVALUATION), METRICS));
        Optional<ModelSection> model = section(RecipeSection.MODEL, ModelSection.class);
        return new BoundRecipe(
                options.bindKnown(HeaderSection.class, "", tree.root()),
                model,
                sections.section(RecipeSection.DATA)
                        .flatMap(section -> options.bindKnown(DataSection.class, "data", section)),
                method(RecipeSection.PET, RecipeBinder::pet),
                section(RecipeSection.TEACHER, TeacherSection.class),
                method(RecipeSection.ESTIMATION, RecipeBinder::estimation),
                compression(),
                healing(model),
                section(RecipeSection.INHERITANCE, InheritanceSection.class),
                method(RecipeSection.RECOVERY, RecipeBinder::recovery),
                method(RecipeSection.DISTILLATION, RecipeBinder::distillation),
                method(RecipeSection.TASK_LOSS, RecipeBinder::taskLoss),
                section(RecipeSection.TRAINING, TrainingSection.class),
                evaluation,
                metrics(evaluation.map(EvaluationSection::metrics).orElse(List.of())),
                bind(ExportSection.class, "export", sections.orEmpty(RecipeSection.EXPORT)),
                gates());
    }

    private <R extends Record> Optional<R> bind(Class<R> type, String path, Section section) {
        return options.bind(type, path, section);
    }

    private <R extends Record> Optional<R> section(RecipeSection section, Class<R> type) {
        return sections.section(section).flatMap(keys -> options.bind(type, section.key(), keys));
    }

    private <T> Optional<Configured<T>> method(RecipeSection section, MethodBinder.Make<T> make) {
        Kind kind = section.kind().orElseThrow();
        return sections.section(section).flatMap(keys -> methods.one(kind, section.key(), keys, make));
    }

    private List<Configured<Compressor>> compression() {
        Optional<Items> items = sections.items(RecipeSection.COMPRESSION);
        return items.map(list ->
                        methods.list(Kind.COMPRESSOR, RecipeSection.COMPRESSION.key(), list, RecipeBinder::compressor))
                .orElse(List.of());
    }

    private Optional<Healing> healing(Optional<ModelSection> model) {
        String path = RecipeSection.HEALING.key();
        return sections.section(RecipeSection.HEALING)
                .flatMap(written -> options.bind(HealingSection.class, path, MethodNames.only(written, LOSSES))
                        .map(bound -> new Healing(
                                bound,
                                methods.list(
                                        Kind.DISTILLATION,
                                        path + "." + LOSSES,
                                        MethodNames.written(written, LOSSES, HealingSection.defaultLosses(model)),
                                        RecipeBinder::distillation))));
    }

    private List<Configured<MetricMethod>> metrics(List<String> defaults) {
        Section written = sections.orEmpty(RecipeSection.EVALUATION);
        // without data nothing is measured, and a default that no plugin has is no problem
        return sections.has(RecipeSection.DATA) || sections.has(RecipeSection.EVALUATION)
                ? methods.list(
                        Kind.METRIC,
                        "evaluation.metrics",
                        MethodNames.written(written, METRICS, defaults),
                        RecipeBinder::metric)
                : List.of();
    }

    private List<GateSection> gates() {
        List<ConfigNode> items =
                sections.items(RecipeSection.GATES).map(Items::items).orElse(List.of());
        List<GateSection> gates = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String path = RecipeSection.GATES.key() + "." + i;
            sections.asSection(items.get(i), path)
                    .flatMap(section -> bind(GateSection.class, path, section))
                    .ifPresent(gates::add);
        }
        return gates;
    }

    private static Configured<PetMethod> pet(PluginEntry entry, Record options) {
        return new Configured<>((PetMethodFactory<?>) entry.factory(), options);
    }

    private static Configured<EstimationMethod> estimation(PluginEntry entry, Record options) {
        return new Configured<>((EstimationMethodFactory<?>) entry.factory(), options);
    }

    private static Configured<Compressor> compressor(PluginEntry entry, Record options) {
        return new Configured<>((CompressorFactory<?>) entry.factory(), options);
    }

    private static Configured<RecoveryMethod> recovery(PluginEntry entry, Record options) {
        return new Configured<>((RecoveryMethodFactory<?>) entry.factory(), options);
    }

    private static Configured<DistillationLoss> distillation(PluginEntry entry, Record options) {
        return new Configured<>((DistillationLossFactory<?>) entry.factory(), options);
    }

    private static Configured<TaskLoss> taskLoss(PluginEntry entry, Record options) {
        return new Configured<>((TaskLossFactory<?>) entry.factory(), options);
    }

    private static Configured<MetricMethod> metric(PluginEntry entry, Record options) {
        return new Configured<>((MetricFactory<?>) entry.factory(), options);
    }
}
