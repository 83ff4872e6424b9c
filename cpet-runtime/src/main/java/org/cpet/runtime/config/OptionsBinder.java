package org.cpet.runtime.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigNode.Unreadable;
import org.cpet.runtime.config.ValueType.Many;
import org.cpet.runtime.config.ValueType.Nested;
import org.cpet.spi.ExitCode;
import org.cpet.spi.OptionException;

/**
 * Binds a section to an option record: unknown keys, missing keys, wrong types and values out of range become located
 * problems, all of them; what the record's own constructor refuses gets the section's place.
 */
public final class OptionsBinder {
    private final ValueBinder values;
    private final Problems problems;

    /** @param folder what relative paths are resolved against, absolute */
    public OptionsBinder(Path folder, Problems problems) {
        this.values = new ValueBinder(folder, problems);
        this.problems = problems;
    }

    /** The record with the defaults of every key that the section does not give; empty after a problem. */
    public <R extends Record> Optional<R> bind(Class<R> type, String path, Section section) {
        return bind(type, path, section, Set.of());
    }

    /**
     * The same for a section that others read as well.
     *
     * @param path the section's name in messages
     * @param foreign keys that others read, as {@code type}
     */
    public <R extends Record> Optional<R> bind(Class<R> type, String path, Section section, Set<String> foreign) {
        List<OptionSpec> specs = OptionSpec.of(type);
        reportUnknown(specs, path, section, foreign);
        return construct(type, specs, path, section);
    }

    /** Binds the keys of a record and leaves all others to {@link #reportUnknown}. */
    public <R extends Record> Optional<R> bindKnown(Class<R> type, String path, Section section) {
        return construct(type, OptionSpec.of(type), path, section);
    }

    /** A problem for every key that is neither in {@code specs} nor in {@code foreign}. */
    public void reportUnknown(List<OptionSpec> specs, String path, Section section, Set<String> foreign) {
        List<String> known = new ArrayList<>(foreign);
        specs.forEach(spec -> known.add(spec.key()));
        String where = path.isEmpty() ? "" : " in " + path;
        for (String key : section.keys()) {
            if (!known.contains(key)) {
                String what = "unknown key '" + Message.oneLine(key) + "'" + where;
                problems.add(section.keyPlace(key), Message.unknown(what, key, known));
            }
        }
    }

    private <R extends Record> Optional<R> construct(
            Class<R> type, List<OptionSpec> specs, String path, Section section) {
        List<Object> arguments = new ArrayList<>();
        for (OptionSpec spec : specs) {
            component(spec, path.isEmpty() ? spec.key() : path + "." + spec.key(), path, section)
                    .ifPresent(arguments::add);
        }
        return arguments.size() == specs.size() ? make(type, arguments, path, section) : Optional.empty();
    }

    private Optional<Object> component(OptionSpec spec, String path, String sectionPath, Section section) {
        Optional<ConfigNode> node = section.get(spec.key());
        if (node.isEmpty() && spec.defaultText().isPresent()) {
            node = Optional.of(
                    RecipeReader.value(section.place(), spec.defaultText().get(), problems));
        }
        if (node.isEmpty()) {
            if (spec.optional()) {
                return Optional.of(Optional.empty());
            }
            String where = sectionPath.isEmpty() ? "" : " in " + sectionPath;
            problems.add(
                    section.place(),
                    Message.of("missing key '" + spec.key() + "'" + where).allowed(spec.allowedText()));
            return Optional.empty();
        }
        Optional<Object> value = value(node.get(), spec.type(), spec, path);
        return spec.optional() ? value.map(Optional::of) : value;
    }

    private Optional<Object> value(ConfigNode node, ValueType type, OptionSpec spec, String path) {
        if (node instanceof Unreadable) {
            return Optional.empty();
        }
        if (type instanceof Nested nested) {
            return nested(node, nested, spec, path);
        }
        return type instanceof Many many ? list(node, many, spec, path) : values.bind(node, type, spec, path);
    }

    private Optional<Object> nested(ConfigNode node, Nested type, OptionSpec spec, String path) {
        if (node instanceof Section section) {
            return bind(type.type(), path, section).map(Object.class::cast);
        }
        if (node instanceof Scalar scalar && scalar.isBlank()) {
            return bind(type.type(), path, Section.empty(node.place())).map(Object.class::cast);
        }
        problems.add(
                node.place(),
                Message.of(path + " is not a section").found(node.raw()).allowed(spec.allowedText()));
        return Optional.empty();
    }

    private Optional<Object> list(ConfigNode node, Many type, OptionSpec spec, String path) {
        if (!(node instanceof Items items)) {
            return value(node, type.item(), spec, path).map(List::of);
        }
        List<Object> bound = new ArrayList<>();
        for (int i = 0; i < items.items().size(); i++) {
            value(items.items().get(i), type.item(), spec, path + "." + i).ifPresent(bound::add);
        }
        return bound.size() == items.items().size() ? Optional.of(List.copyOf(bound)) : Optional.empty();
    }

    /** The value of the key that a refusal begins with, or else the section. */
    private static Place place(Section section, OptionException refused) {
        String message = String.valueOf(refused.getMessage());
        return section.entries().entrySet().stream()
                .filter(entry -> message.matches("(?s)([a-z_]+\\.)*" + Pattern.quote(entry.getKey()) + "\\b.*"))
                .map(entry -> entry.getValue().value().place())
                .findFirst()
                .orElse(section.place());
    }

    private <R extends Record> Optional<R> make(Class<R> type, List<Object> arguments, String path, Section section) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        String cause;
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return Optional.of(constructor.newInstance(arguments.toArray()));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof OptionException refused) {
                problems.add(place(section, refused), Message.of(String.valueOf(refused.getMessage())));
                return Optional.empty();
            }
            cause = String.valueOf(e.getCause());
        } catch (ReflectiveOperationException e) {
            cause = e.toString();
        }
        problems.add(
                section.place(),
                ExitCode.PLUGIN,
                Message.of("the options " + type.getName() + " of " + path + " cannot be made: " + cause));
        return Optional.empty();
    }
}
