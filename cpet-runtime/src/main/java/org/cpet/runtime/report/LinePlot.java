package org.cpet.runtime.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cpet.runtime.report.ReportData.Point;
import org.cpet.runtime.report.ReportData.Series;

/** A line plot as inline SVG: axes with round ticks, one colour a series, a legend. */
final class LinePlot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 300;
    private static final int LEFT = 60;
    private static final int LEGEND = 150;
    private static final int EDGE = 24;
    private static final int TOP = 30;
    private static final int BOTTOM = 40;
    private static final List<String> COLOURS = List.of(
            "#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#e377c2", "#bcbd22",
            "#7f7f7f");

    private final String title;
    private final String xLabel;
    private final List<Series> series;
    private final Ticks x;
    private final Ticks y;
    private final boolean inside;
    private final int right;

    /** @param inside whether title and legend stand inside the picture */
    LinePlot(String title, String xLabel, List<Series> series, boolean inside) {
        this.title = title;
        this.inside = inside;
        this.right = inside ? LEGEND : EDGE;
        this.xLabel = xLabel;
        this.series = series.stream().map(LinePlot::finite).toList();
        this.x = Ticks.over(points().mapToDouble(Point::x).toArray());
        this.y = Ticks.over(points().mapToDouble(Point::y).toArray());
    }

    /** The colour of a series by its position. */
    static String colour(int index) {
        return COLOURS.get(index % COLOURS.size());
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n", WIDTH, HEIGHT, Html.escape(title)));
        if (inside) {
            svg.append(format("<text x=\"%d\" y=\"18\" class=\"title\">%s</text>%n", LEFT, Html.escape(title)));
        }
        grid(svg);
        for (int i = 0; i < series.size(); i++) {
            curve(svg, series.get(i), colour(i));
            if (inside) {
                svg.append(format(
                        "<text x=\"%d\" y=\"%d\" fill=\"%s\" class=\"legend\">%s</text>%n",
                        WIDTH - right + 12,
                        TOP + 18 * i + 10,
                        colour(i),
                        Html.escape(series.get(i).name())));
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private void grid(StringBuilder svg) {
        for (double tick : y.values()) {
            svg.append(format(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" class=\"grid\"/><text x=\"%d\" y=\"%.1f\""
                            + " class=\"tick\" text-anchor=\"end\">%s</text>%n",
                    LEFT, WIDTH - right, py(tick), py(tick), LEFT - 6, py(tick) + 4, y.label(tick)));
        }
        for (double tick : x.values()) {
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" class=\"tick\" text-anchor=\"middle\">%s</text>%n",
                    px(tick), HEIGHT - BOTTOM + 16, x.label(tick)));
        }
        svg.append(format(
                "<text x=\"%d\" y=\"%d\" class=\"tick\" text-anchor=\"middle\">%s</text>%n",
                (LEFT + WIDTH - right) / 2, HEIGHT - 6, Html.escape(xLabel)));
    }

    private void curve(StringBuilder svg, Series one, String colour) {
        String path = one.points().stream()
                .map(point -> format("%.1f,%.1f", px(point.x()), py(point.y())))
                .collect(Collectors.joining(" "));
        svg.append(
                format("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"/>%n", path, colour));
        for (Point point : one.points().size() <= 30 ? one.points() : List.<Point>of()) {
            svg.append(format(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>%n", px(point.x()), py(point.y()), colour));
        }
    }

    private java.util.stream.Stream<Point> points() {
        return series.stream().flatMap(one -> one.points().stream());
    }

    private double px(double value) {
        return LEFT + (value - x.low()) / (x.high() - x.low()) * (WIDTH - LEFT - right);
    }

    private double py(double value) {
        return HEIGHT - BOTTOM - (value - y.low()) / (y.high() - y.low()) * (HEIGHT - TOP - BOTTOM);
    }

    private static Series finite(Series one) {
        return new Series(
                one.name(),
                one.points().stream()
                        .filter(point -> Double.isFinite(point.x()) && Double.isFinite(point.y()))
                        .toList());
    }

    private static String format(String template, Object... arguments) {
        return String.format(Locale.ROOT, template, arguments);
    }
}
