package org.cpet.runtime.report;

import java.util.List;
import java.util.Map;

/**
 * Everything a report shows.
 *
 * @param title the run's name
 * @param rows the table, in order
 * @param measured which arithmetic the table's numbers come from, empty where there is one only
 * @param losses training loss over optimizer steps, one series a stage
 * @param scores the first metric on the validation rows over optimizer steps, one series a stage
 * @param scoreName the first metric's name, empty without one
 * @param facts provenance and other facts, in order
 * @param notices what must not pass in silence
 * @param recipe the resolved recipe
 */
public record ReportData(
        String title,
        List<ReportRow> rows,
        List<String> measured,
        List<Series> losses,
        List<Series> scores,
        String scoreName,
        Map<String, String> facts,
        List<String> notices,
        String recipe) {

    /**
     * A line of the table.
     *
     * @param metrics by name, 0 to 1
     * @param latencyMs milliseconds of one forward pass of the timed batch, NaN when not measured
     */
    public record ReportRow(
            String title, Map<String, Double> metrics, long trainableParameters, long modelBytes, double latencyMs) {}

    /** A named curve. */
    public record Series(String name, List<Point> points) {}

    /** A point of a curve. */
    public record Point(double x, double y) {}
}
