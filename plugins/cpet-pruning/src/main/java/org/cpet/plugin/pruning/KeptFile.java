package org.cpet.plugin.pruning;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.cpet.spi.InputException;
import org.cpet.spi.Nearest;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.ModelLayout;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads {@code {"kept_kv_groups": {attention: [...]}, "kept_ffn_units": {ffn: [...]}, "kept_layers": [layer, ...],
 * "kept_hidden": [...]}}, each of which may be left out. {@code head_dim} and {@code query_heads_per_kv_group} may stand
 * beside them and must then be those of the model.
 */
final class KeptFile {
    private static final String GROUPS = "kept_kv_groups";
    private static final String UNITS = "kept_ffn_units";
    private static final String LAYERS = "kept_layers";
    private static final String HIDDEN = "kept_hidden";
    private static final String HEAD_DIM = "head_dim";
    private static final String QUERIES = "query_heads_per_kv_group";

    private final Path file;
    private final ModelLayout layout;
    private final JsonParser json;

    private KeptFile(Path file, ModelLayout layout, JsonParser json) {
        this.file = file;
        this.layout = layout;
        this.json = json;
    }

    /**
     * What the file keeps of a model.
     *
     * @throws InputException when it cannot be read or does not fit the model
     */
    static KeptUnits read(Path file, ModelLayout layout) {
        try (InputStream bytes = Files.newInputStream(file);
                JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), bytes)) {
            return new KeptFile(file, layout, json).document();
        } catch (NoSuchFileException e) {
            throw new InputException("keep: no such file; found " + file, e);
        } catch (IOException e) {
            throw new InputException("keep: " + file + " cannot be read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
            throw new InputException(file + place + ": not JSON: " + firstLine(e.getOriginalMessage()), e);
        }
    }

    private KeptUnits document() {
        Map<String, int[]> groups = Map.of();
        Map<String, int[]> units = Map.of();
        Optional<List<String>> layers = Optional.empty();
        Optional<int[]> hidden = Optional.empty();
        List<String> seen = new ArrayList<>();
        expect(json.nextToken(), JsonToken.START_OBJECT, "an object with " + GROUPS + " and " + UNITS);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = unique(json.currentName(), seen);
            switch (key) {
                case GROUPS -> groups = blocks(key, attentions(AttentionSpec::groups));
                case UNITS -> units = blocks(key, feedForwards());
                case LAYERS -> layers = Optional.of(layers());
                case HIDDEN -> hidden = Optional.of(indices(HIDDEN, layout.hiddenSize()));
                case HEAD_DIM -> check(key, attentions(AttentionSpec::headDim));
                case QUERIES -> check(key, attentions(AttentionSpec::queriesPerGroup));
                default -> throw unknown("key", key, List.of(GROUPS, UNITS, LAYERS, HIDDEN, HEAD_DIM, QUERIES));
            }
        }
        if (json.nextToken() != null) {
            throw problem("more after the end of the document; found " + json.getString() + "; allowed one object");
        }
        return new KeptUnits(layers, groups, units, hidden);
    }

    private List<String> layers() {
        List<String> known = layout.layers();
        List<String> layers = new ArrayList<>();
        expect(json.nextToken(), JsonToken.START_ARRAY, "a list of layers");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            String name = unique(json.getString(), layers);
            if (!known.contains(name)) {
                throw unknown("layer in " + LAYERS, name, known);
            }
        }
        Map<String, List<String>> left = LayerSelection.stacks(layout.keepLayers(layers));
        LayerSelection.stacks(layout).forEach((stack, all) -> {
            if (!left.containsKey(stack)) {
                throw problem(
                        LAYERS + "; found none of " + stack + "; allowed at least one of " + String.join(", ", all));
            }
        });
        return known.stream().filter(layers::contains).toList();
    }

    private Map<String, int[]> blocks(String key, Map<String, Integer> sizes) {
        Map<String, int[]> blocks = new LinkedHashMap<>();
        expect(json.nextToken(), JsonToken.START_OBJECT, "an object of modules in " + key);
        List<String> seen = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = unique(json.currentName(), seen);
            Integer size = sizes.get(name);
            if (size == null) {
                throw unknown("module in " + key, name, List.copyOf(sizes.keySet()));
            }
            blocks.put(name, indices(name, size));
        }
        return blocks;
    }

    private int[] indices(String module, int size) {
        expect(json.nextToken(), JsonToken.START_ARRAY, "a list of indices for " + module);
        List<Integer> indices = new ArrayList<>();
        int last = -1;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            int index = integer("an index of " + module, size - 1);
            if (index <= last) {
                throw problem("indices of " + module + "; found " + index + " after " + last
                        + "; allowed ascending, each once");
            }
            last = index;
            indices.add(index);
        }
        if (indices.isEmpty()) {
            throw problem("indices of " + module + "; found none; allowed at least one of 0 to " + (size - 1));
        }
        return indices.stream().mapToInt(Integer::intValue).toArray();
    }

    private int integer(String what, int largest) {
        boolean whole =
                json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getNumberType() == JsonParser.NumberType.INT;
        if (!whole || json.getIntValue() < 0 || json.getIntValue() > largest) {
            throw problem(what + "; found " + json.getString() + "; allowed 0 to " + largest);
        }
        return json.getIntValue();
    }

    private void check(String key, Map<String, Integer> ofModel) {
        json.nextToken();
        int found = integer(key, Integer.MAX_VALUE);
        ofModel.forEach((attention, expected) -> {
            if (expected != found) {
                throw problem(key + "; found " + found + "; allowed " + expected + ", as in " + attention);
            }
        });
    }

    private Map<String, Integer> attentions(ToIntFunction<AttentionSpec> size) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        layout.attentions().forEach(block -> sizes.put(block.name(), size.applyAsInt(block)));
        return sizes;
    }

    private Map<String, Integer> feedForwards() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        layout.feedForwards().forEach(block -> sizes.put(block.name(), block.units()));
        return sizes;
    }

    private String unique(String name, List<String> seen) {
        if (seen.contains(name)) {
            throw problem("duplicate key; found " + name + " again; allowed once");
        }
        seen.add(name);
        return name;
    }

    private void expect(@Nullable JsonToken found, JsonToken expected, String allowed) {
        if (found != expected) {
            throw problem("found " + (found == null ? "an empty document" : json.getString()) + "; allowed " + allowed);
        }
    }

    private InputException unknown(String what, String found, List<String> allowed) {
        String names = allowed.size() <= 4
                ? String.join(", ", allowed)
                : String.join(", ", allowed.subList(0, 3)) + ", ... (" + allowed.size() + " in all)";
        return problem("unknown " + what + "; found " + found + "; allowed " + names + Nearest.hint(found, allowed));
    }

    private InputException problem(String message) {
        TokenStreamLocation at = json.currentTokenLocation();
        return new InputException(file + ":" + at.getLineNr() + ":" + Math.max(1, at.getColumnNr()) + ": " + message);
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
