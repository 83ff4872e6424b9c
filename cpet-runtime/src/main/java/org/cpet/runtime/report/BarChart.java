package org.cpet.runtime.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Horizontal bars as inline SVG, each under its name, so that names may be long and a phone is wide enough; a whisker
 * where an interval is known. The axis begins at 0 unless all values lie close together far from it, and shows where.
 */
public final class BarChart {
    private static final int WIDTH = 380;
    private static final int LEFT = 14;
    private static final int RIGHT = 70;
    private static final int ROW = 34;
    private static final int TOP = 8;
    private static final int BOTTOM = 24;

    private final String title;
    private final List<Bar> bars;
    private final Ticks axis;

    /**
     * A bar.
     *
     * @param low lower end of its interval, NaN without
     * @param high upper end
     * @param text the value as shown
     */
    public record Bar(String name, double value, double low, double high, String text) {}

    BarChart(String title, List<Bar> bars) {
        this.title = title;
        this.bars = List.copyOf(bars);
        double[] all = bars.stream()
                .flatMapToDouble(bar -> DoubleStream.of(bar.value(), bar.low(), bar.high()))
                .filter(Double::isFinite)
                .toArray();
        double least = DoubleStream.of(all).min().orElse(0);
        double most = DoubleStream.of(all).max().orElse(1);
        boolean close = least > 0 && most - least < least / 2;
        double below = least - (most - least) / 4;
        this.axis = Ticks.over(close ? new double[] {below, most} : new double[] {Math.min(0, least), most});
    }

    String svg() {
        int height = TOP + ROW * bars.size() + BOTTOM;
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg class=\"bars\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH, height, Html.escape(title)));
        for (double tick : axis.values()) {
            svg.append(format(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" class=\"grid\"/><text x=\"%.1f\" y=\"%d\""
                            + " class=\"tick\" text-anchor=\"middle\">%s</text>%n",
                    x(tick), x(tick), TOP, height - BOTTOM, x(tick), height - BOTTOM + 14, axis.label(tick)));
        }
        for (int i = 0; i < bars.size(); i++) {
            bar(svg, bars.get(i), TOP + ROW * i, LinePlot.colour(0));
        }
        return svg.append("</svg>\n").toString();
    }

    private void bar(StringBuilder svg, Bar bar, int top, String colour) {
        svg.append(
                format("<text x=\"%d\" y=\"%d\" class=\"tick\">%s</text>%n", LEFT, top + 11, Html.escape(bar.name())));
        svg.append(format(
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"12\" fill=\"%s\"/>%n",
                x(axis.low()), top + 15, Math.max(0, x(bar.value()) - x(axis.low())), colour));
        if (Double.isFinite(bar.low()) && Double.isFinite(bar.high())) {
            svg.append(format(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" class=\"whisker\"/>%n",
                    x(bar.low()), x(bar.high()), top + 21, top + 21));
        }
        double end = Math.max(x(bar.value()), Double.isFinite(bar.high()) ? x(bar.high()) : 0);
        svg.append(format(
                "<text x=\"%.1f\" y=\"%d\" class=\"tick\">%s</text>%n", end + 5, top + 25, Html.escape(bar.text())));
    }

    private double x(double value) {
        return LEFT + (value - axis.low()) / (axis.high() - axis.low()) * (WIDTH - LEFT - RIGHT);
    }

    private static String format(String template, Object... arguments) {
        return String.format(Locale.ROOT, template, arguments);
    }
}
