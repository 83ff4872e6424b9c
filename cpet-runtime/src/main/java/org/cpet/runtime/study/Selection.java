package org.cpet.runtime.study;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.cpet.runtime.study.StudyOptions.SelectOptions;

/**
 * The variant that a study chose by the validation rows; what it scores on the test rows had no part in it.
 *
 * @param validation what it was chosen by, over the seeds
 */
record Selection(Line line, SelectOptions by, Statistics validation) {
    /** The best line; of equals the first. Lines that lack a seed are not compared. */
    static Optional<Selection> of(List<Line> lines, SelectOptions by) {
        Comparator<Selection> order = Comparator.comparingDouble(found -> found.validation.mean());
        return lines.stream()
                .filter(line -> line.row() == by.row() && line.complete())
                .map(line -> new Selection(line, by, line.validation(by.metric())))
                .filter(found -> !Double.isNaN(found.validation.mean()))
                .reduce((best, next) -> {
                    int compared = order.compare(next, best);
                    return (by.minimizes() ? compared < 0 : compared > 0) ? next : best;
                });
    }
}
