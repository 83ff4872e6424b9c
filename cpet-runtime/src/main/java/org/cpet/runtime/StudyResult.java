package org.cpet.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a study has found.
 *
 * @param directory with {@code report.html}, {@code results.csv}, {@code tables.tex}, {@code study.json}
 * @param complete whether every cell is done
 * @param failed cells whose training diverged
 * @param table for a terminal
 * @param notices what must not pass in silence
 * @param document {@code study.json} as texts, numbers, lists and maps
 */
public record StudyResult(
        Path directory,
        boolean complete,
        int failed,
        String table,
        List<String> notices,
        Map<String, Object> document) {
    public StudyResult {
        notices = List.copyOf(notices);
    }
}
