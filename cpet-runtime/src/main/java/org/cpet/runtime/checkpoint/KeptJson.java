package org.cpet.runtime.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.spi.InputException;
import org.cpet.spi.estimate.Selection;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is left of a model's heads and neurons and of a PET's ranks, as every file of a run and of an adapter says it. */
public final class KeptJson {
    private static final String GROUPS = "kept_kv_groups";
    private static final String UNITS = "kept_ffn_units";
    private static final String RANKS = "kept_ranks";

    private KeptJson() {}

    /** Heads and neurons. */
    public static ObjectNode write(Map<String, int[]> groups, Map<String, int[]> units) {
        ObjectNode json = Json.object();
        put(json, GROUPS, groups);
        put(json, UNITS, units);
        return json;
    }

    /** Heads, neurons and ranks. */
    public static ObjectNode write(Selection kept) {
        ObjectNode json = write(kept.groups(), kept.units());
        put(json, RANKS, kept.ranks());
        return json;
    }

    /**
     * Reads what was written; a part that is missing is empty.
     *
     * @throws InputException where a part is not an object of lists of indices
     */
    public static Selection read(Path file, JsonNode json) {
        return new Selection(indices(file, json, GROUPS), indices(file, json, UNITS), indices(file, json, RANKS));
    }

    private static void put(ObjectNode json, String key, Map<String, int[]> kept) {
        ObjectNode node = json.putObject(key);
        kept.forEach((name, indices) -> Arrays.stream(indices).forEach(node.withArray(name)::add));
    }

    private static Map<String, int[]> indices(Path file, JsonNode json, String key) {
        JsonNode node = json.path(key);
        if (!node.isMissingNode() && !node.isObject()) {
            throw new InputException(file + ": " + key + "; found " + node + "; allowed an object of lists of indices");
        }
        Map<String, int[]> kept = new LinkedHashMap<>();
        node.forEachEntry((name, list) -> kept.put(name, numbers(file, key, list)));
        return kept;
    }

    private static int[] numbers(Path file, String key, JsonNode list) {
        if (!list.isArray() || !list.valueStream().allMatch(JsonNode::isInt)) {
            throw new InputException(file + ": " + key + "; found " + list + "; allowed lists of indices");
        }
        return list.valueStream().mapToInt(JsonNode::intValue).toArray();
    }
}
