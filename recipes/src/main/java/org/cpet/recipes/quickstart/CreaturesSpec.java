package org.cpet.recipes.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.InputException;
import org.cpet.spi.Nearest;

/**
 * What a {@code .creatures} file says: lines {@code key: value}, and comments after {@code #}.
 *
 * @param file where it was read
 * @param kind which questions
 * @param creatures how many there are
 * @param seed of the world and of the order of questions
 * @param rows how many questions
 * @param skip how many questions of the same order come before them
 * @param attribute of same_pairs alone: what two creatures may have in common
 */
record CreaturesSpec(
        Path file, Kind kind, int creatures, long seed, int rows, int skip, Optional<Attribute> attribute) {
    private static final List<String> KEYS = List.of("kind", "attribute", "creatures", "seed", "rows", "skip");
    private static final List<String> KINDS = List.of("pretraining", "weight_pairs", "same_pairs");
    private static final int MOST_ROWS = 10_000_000;
    private static final long LARGEST_FILE = 4096;

    /** The questions a file can ask for. */
    enum Kind {
        PRETRAINING,
        WEIGHT_PAIRS,
        SAME_PAIRS
    }

    static CreaturesSpec read(Path file) {
        Lines lines = new Lines(file, new LinkedHashMap<>());
        List<String> texts = texts(file);
        for (int i = 0; i < texts.size(); i++) {
            lines.add(i + 1, texts.get(i));
        }
        Kind kind = lines.kind();
        return new CreaturesSpec(
                file,
                kind,
                lines.number("creatures", 2, World.MOST),
                lines.number("seed", 0, Integer.MAX_VALUE),
                lines.number("rows", 1, MOST_ROWS),
                lines.has("skip") ? lines.number("skip", 0, MOST_ROWS) : 0,
                kind == Kind.SAME_PAIRS ? Optional.of(lines.attribute()) : Optional.empty());
    }

    private static List<String> texts(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new InputException(
                        file + ": file size; found " + Files.size(file) + " bytes; allowed up to " + LARGEST_FILE);
            }
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read; found " + e.getMessage(), e);
        }
    }

    /** The values by key, each with the line it stands on. */
    private record Lines(Path file, Map<String, Value> values) {
        private record Value(int line, String text) {}

        void add(int line, String text) {
            int comment = text.indexOf('#');
            String content = (comment < 0 ? text : text.substring(0, comment)).strip();
            if (content.isEmpty()) {
                return;
            }
            int colon = content.indexOf(':');
            if (colon < 0) {
                throw problem(line, "not a line of the form key: value; found '" + content + "'");
            }
            String key = content.substring(0, colon).strip();
            if (!KEYS.contains(key)) {
                throw problem(
                        line,
                        "unknown key '" + key + "'; allowed " + String.join(", ", KEYS) + Nearest.hint(key, KEYS));
            }
            if (values.put(key, new Value(line, content.substring(colon + 1).strip())) != null) {
                throw problem(line, "duplicate key '" + key + "'");
            }
        }

        boolean has(String key) {
            return values.containsKey(key);
        }

        Kind kind() {
            Value value = require("kind");
            return switch (value.text) {
                case "pretraining" -> Kind.PRETRAINING;
                case "weight_pairs" -> Kind.WEIGHT_PAIRS;
                case "same_pairs" -> Kind.SAME_PAIRS;
                default -> throw unknown("kind", value, KINDS);
            };
        }

        Attribute attribute() {
            Value value = require("attribute");
            return Attribute.ALL.stream()
                    .filter(attribute -> attribute.word().equals(value.text))
                    .findFirst()
                    .orElseThrow(() -> unknown(
                            "attribute",
                            value,
                            Attribute.ALL.stream().map(Attribute::word).toList()));
        }

        private InputException unknown(String key, Value value, List<String> allowed) {
            return problem(
                    value.line,
                    key + "; found " + value.text + "; allowed " + String.join(", ", allowed)
                            + Nearest.hint(value.text, allowed));
        }

        int number(String key, int least, int most) {
            Value value = require(key);
            boolean whole = value.text.matches("0|[1-9][0-9]{0,9}");
            long number = whole ? Long.parseLong(value.text) : -1;
            if (number < least || number > most) {
                throw problem(
                        value.line,
                        key + "; found " + value.text + "; allowed whole numbers from " + least + " to " + most);
            }
            return (int) number;
        }

        private Value require(String key) {
            Value value = values.get(key);
            if (value == null) {
                throw new InputException(file + ": missing key '" + key + "'");
            }
            return value;
        }

        private InputException problem(int line, String message) {
            return new InputException(file + ":" + line + ": " + message);
        }
    }
}
