package org.cpet.plugin.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.Row;

/** Tells the user when a file numbers two of its rows alike, which often means that a part was pasted in twice. */
final class RepeatedIds {
    private static final List<String> NAMES = List.of("idx", "id", "guid", "uid");

    private RepeatedIds() {}

    static void report(Path file, List<Row> rows, PluginContext context) {
        for (String name : NAMES) {
            Map<Object, Long> lines = new HashMap<>();
            long repeats = 0;
            String first = "";
            for (Row row : rows) {
                Object id = row.values().get(name);
                Long earlier = id instanceof String || id instanceof Long ? lines.putIfAbsent(id, row.line()) : null;
                if (earlier != null && repeats++ == 0) {
                    first = name + " " + id + " is used on lines " + earlier + " and " + row.line();
                }
            }
            if (repeats > 0) {
                String more = repeats == 1 ? "" : "; " + (repeats - 1) + " more rows repeat an " + name;
                context.notice(file + ": " + first + more);
            }
        }
    }
}
