package org.cpet.runtime.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.config.OptionsBinder;
import org.cpet.runtime.config.Place;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.plugin.PluginEntry;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.DatasetReaderFactory;
import org.cpet.spi.data.TaskTemplate;
import org.cpet.spi.data.TaskTemplateFactory;

/** Turns the {@code data} section into files and what reads them; the reader's and template's options stand in it. */
final class DataBinder {
    private final ConfigTree tree;
    private final PluginCatalog catalog;
    private final OptionsBinder options;
    private final MethodBinder methods;
    private final Problems problems;

    DataBinder(ConfigTree tree, PluginCatalog catalog, OptionsBinder options, MethodBinder methods, Problems problems) {
        this.tree = tree;
        this.catalog = catalog;
        this.options = options;
        this.methods = methods;
        this.problems = problems;
    }

    /** The source, or empty without a {@code data} section or after a problem. */
    Optional<DataSource> bind(BoundRecipe bound) {
        Optional<Section> section =
                tree.root().get("data").filter(Section.class::isInstance).map(Section.class::cast);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        List<OptionSpec> known = new ArrayList<>(OptionSpec.of(DataSection.class));
        Optional<DataSource> source = bound.data().flatMap(data -> source(data, section.get(), known, bound));
        options.reportUnknown(known, "data", section.get(), Set.of());
        return source;
    }

    private Optional<DataSource> source(DataSection data, Section section, List<OptionSpec> known, BoundRecipe bound) {
        Place place = tree.place("data.dataset");
        Optional<PluginEntry> template = catalog.find(Kind.TEMPLATE, data.dataset());
        checkFields(data, template.isPresent());
        checkTask(data, bound);
        if (template.isEmpty() && catalog.find(Kind.DATASET, data.dataset()).isEmpty()) {
            unknown(data.dataset(), place);
            return Optional.empty();
        }
        EnginelessContext context = new EnginelessContext(0);
        template.ifPresent(entry -> known.addAll(OptionSpec.of(entry.optionsType())));
        Optional<Configured<TaskTemplate>> chosen =
                template.flatMap(entry -> methods.among(entry, "data", section, DataBinder::template));
        if (template.isPresent() && chosen.isEmpty()) {
            return Optional.empty();
        }
        String format =
                chosen.map(found -> found.create(context).fields().reader()).orElse(data.dataset());
        Optional<PluginEntry> entry = methods.find(Kind.DATASET, format, place);
        entry.ifPresent(found -> known.addAll(OptionSpec.of(found.optionsType())));
        Optional<Configured<DatasetReader>> reader =
                entry.flatMap(found -> methods.among(found, "data", section, DataBinder::reader));
        return reader.flatMap(found -> new DataFiles(tree, problems)
                .find(data, found.create(context).extensions(), trains(bound))
                .map(files -> new DataSource(found, chosen, files.train(), files.validation(), files.test())));
    }

    private static boolean trains(BoundRecipe bound) {
        return bound.training().isPresent()
                || bound.teacher().flatMap(TeacherSection::training).isPresent();
    }

    private void unknown(String name, Place place) {
        List<String> known = new ArrayList<>(catalog.names(Kind.DATASET));
        known.addAll(catalog.names(Kind.TEMPLATE));
        PluginCatalog.Unknown reader = catalog.unknown(Kind.DATASET, name);
        Message message = Message.unknown("no dataset reader or template named '" + name + "'", name, known);
        problems.add(place, reader.exitCode(), message);
    }

    private void checkFields(DataSection data, boolean template) {
        Optional<ConfigNode> written = tree.find("data.fields");
        if (template && written.isPresent()) {
            problems.add(
                    tree.place("data.fields"),
                    Message.of("data.fields is not for template '" + data.dataset() + "', which knows its fields"));
        }
        if (!template
                && data.fields().isEmpty()
                && catalog.find(Kind.DATASET, data.dataset()).isPresent()) {
            problems.add(
                    tree.place("data"),
                    Message.of("missing key 'fields' in data")
                            .allowed("{text: A or [A, B], label: L}, {prompt: P, completion: C}"));
        }
    }

    /** A classifier learns labels; a language model reads labels as words too. */
    private void checkTask(DataSection data, BoundRecipe bound) {
        boolean classifier = bound.model()
                .filter(model -> model.task() == ModelSection.Task.SEQ_CLS)
                .isPresent();
        if (classifier && data.fields().flatMap(DataSection.FieldNames::prompt).isPresent()) {
            problems.add(
                    tree.place("data.fields"),
                    Message.of("data.fields; model.task is seq_cls, which learns labels")
                            .found("{prompt, completion}")
                            .allowed("{text: A or [A, B], label: L}"));
        }
    }

    private static Configured<TaskTemplate> template(PluginEntry entry, Record options) {
        return new Configured<>((TaskTemplateFactory<?>) entry.factory(), options);
    }

    private static Configured<DatasetReader> reader(PluginEntry entry, Record options) {
        return new Configured<>((DatasetReaderFactory<?>) entry.factory(), options);
    }
}
