package org.cpet.runtime.config;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ValueType.Choice;
import org.cpet.runtime.config.ValueType.File;
import org.cpet.runtime.config.ValueType.Real;
import org.cpet.runtime.config.ValueType.Text;
import org.cpet.runtime.config.ValueType.Truth;
import org.cpet.runtime.config.ValueType.Whole;

/** Binds single values. Nothing is coerced: {@code 010}, {@code 1.0} for a whole number and {@code yes} are problems. */
final class ValueBinder {
    private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
    private static final Pattern REAL =
            Pattern.compile("[-+]?(\\.[0-9]+|(0|[1-9][0-9]*)(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final int LONGEST_NUMBER = 64;
    private static final Map<String, String> OLD_TRUTH = Map.of(
            "yes", "true", "on", "true", "y", "true", "1", "true", "no", "false", "off", "false", "n", "false", "0",
            "false");

    private final Path folder;
    private final Problems problems;

    ValueBinder(Path folder, Problems problems) {
        this.folder = folder;
        this.problems = problems;
    }

    /** The value, or empty after a problem was reported. */
    Optional<Object> bind(ConfigNode node, ValueType type, OptionSpec spec, String path) {
        if (!(node instanceof Scalar scalar) || scalar.isNull()) {
            return wrong(node, path + " is not " + type.title(), spec);
        }
        if (scalar.isBlank()) {
            problems.add(node.place(), Message.of(path + " is empty").allowed(spec.allowedText()));
            return Optional.empty();
        }
        if (type instanceof Whole whole) {
            return whole(scalar, whole, spec, path);
        }
        if (type instanceof Real) {
            return real(scalar, spec, path);
        }
        if (type instanceof Truth) {
            return truth(scalar, spec, path);
        }
        if (type instanceof Choice choice) {
            return choice(scalar, choice, path);
        }
        if (type instanceof File) {
            return file(scalar, spec, path);
        }
        return type instanceof Text ? text(scalar, spec, path) : wrong(node, path + " is not " + type.title(), spec);
    }

    private Optional<Object> whole(Scalar scalar, Whole type, OptionSpec spec, String path) {
        if (!isNumber(scalar, WHOLE)) {
            return wrong(scalar, path + " is not a whole number", spec);
        }
        BigInteger number = new BigInteger(scalar.text());
        boolean fits = number.bitLength() < (type.wide() ? Long.SIZE : Integer.SIZE);
        if (!fits || !spec.range().contains(number.doubleValue())) {
            return wrong(scalar, path + " is out of range", spec);
        }
        return Optional.of(type.wide() ? (Object) number.longValueExact() : (Object) number.intValueExact());
    }

    private Optional<Object> real(Scalar scalar, OptionSpec spec, String path) {
        if (!isNumber(scalar, REAL)) {
            return wrong(scalar, path + " is not a finite number", spec);
        }
        double number = Double.parseDouble(scalar.text());
        boolean vanished = number == 0 && scalar.text().matches("[^eE]*[1-9].*");
        if (Double.isInfinite(number) || vanished) {
            return wrong(scalar, path + " is not a finite number", spec);
        }
        return spec.range().contains(number) ? Optional.of(number) : wrong(scalar, path + " is out of range", spec);
    }

    private Optional<Object> truth(Scalar scalar, OptionSpec spec, String path) {
        if (scalar.plain() && (scalar.text().equals("true") || scalar.text().equals("false"))) {
            return Optional.of(scalar.text().equals("true"));
        }
        Message message = Message.of(path + " is not true or false").found(scalar.raw());
        Optional<String> meant = Optional.ofNullable(OLD_TRUTH.get(scalar.text().toLowerCase(Locale.ROOT)));
        problems.add(scalar.place(), message.allowed(spec.allowedText()).nearest(meant));
        return Optional.empty();
    }

    private Optional<Object> choice(Scalar scalar, Choice type, String path) {
        int index = type.keys().indexOf(scalar.text());
        if (index >= 0) {
            return Optional.of(type.constants()[index]);
        }
        problems.add(scalar.place(), unknownValue(scalar, type.keys(), path));
        return Optional.empty();
    }

    private Optional<Object> text(Scalar scalar, OptionSpec spec, String path) {
        if (!spec.allowed().isEmpty() && !spec.allowed().contains(scalar.text())) {
            problems.add(scalar.place(), unknownValue(scalar, spec.allowed(), path));
            return Optional.empty();
        }
        return Optional.of(scalar.text());
    }

    private Optional<Object> file(Scalar scalar, OptionSpec spec, String path) {
        try {
            return Optional.of(folder.resolve(scalar.text()).normalize());
        } catch (InvalidPathException e) {
            return wrong(scalar, path + " is not a path", spec);
        }
    }

    private static Message unknownValue(Scalar scalar, List<String> known, String path) {
        return Message.unknown("unknown value of " + path, scalar.text(), known).found(scalar.raw());
    }

    private static boolean isNumber(Scalar scalar, Pattern form) {
        return scalar.plain()
                && scalar.text().length() <= LONGEST_NUMBER
                && form.matcher(scalar.text()).matches();
    }

    private Optional<Object> wrong(ConfigNode node, String what, OptionSpec spec) {
        problems.add(node.place(), Message.of(what).found(node.raw()).allowed(spec.allowedText()));
        return Optional.empty();
    }
}
