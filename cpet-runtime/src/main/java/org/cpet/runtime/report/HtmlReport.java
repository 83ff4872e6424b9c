package org.cpet.runtime.report;

import java.util.List;
import java.util.Map;
import org.cpet.runtime.report.ReportData.Series;

/** {@code report.html}: table, convergence curves, notices, provenance and recipe; no script, nothing loaded. */
public final class HtmlReport {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
            h1{font-size:1.5rem} h2{font-size:1.15rem;margin-top:2rem}
            table{border-collapse:collapse} th,td{padding:.3rem .8rem;border-bottom:1px solid #d8dee4;text-align:right}
            th:first-child,td:first-child{text-align:left} pre{background:#f6f8fa;padding:1rem;overflow:auto}
            svg{width:100%;max-width:48rem} .grid{stroke:#e4e8ec} .tick,.legend{font-size:11px} .title{font-size:13px}
            .tick{fill:#57606a} .notice{border-left:4px solid #d29922;padding:.2rem .8rem;margin:.4rem 0}
            td.fact{text-align:left;overflow-wrap:anywhere}
            @media (prefers-color-scheme: dark){body{background:#0d1117;color:#e6edf3} pre{background:#161b22}
            th,td{border-color:#30363d} .grid{stroke:#30363d} .title{fill:#e6edf3} .tick{fill:#9198a1}}
            """;

    private HtmlReport() {}

    /** The whole page. */
    public static String render(ReportData data) {
        StringBuilder page = new StringBuilder();
        String title = Html.escape(data.title());
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(title)
                .append("</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(title)
                .append("</h1>\n");
        data.notices()
                .forEach(notice -> page.append("<p class=\"notice\">")
                        .append(Html.escape(notice))
                        .append("</p>\n"));
        table(page, ResultTable.cells(data.rows()));
        data.measured()
                .forEach(line -> page.append("<p>").append(Html.escape(line)).append("</p>\n"));
        plot(page, "Convergence: " + data.scoreName() + " on the validation rows", data.scores());
        plot(page, "Convergence: training loss", data.losses());
        facts(page, data.facts());
        page.append("<h2>Recipe</h2>\n<pre>").append(Html.escape(data.recipe())).append("</pre>\n</body></html>\n");
        return page.toString();
    }

    private static void table(StringBuilder page, List<List<String>> cells) {
        page.append("<table>\n");
        for (int line = 0; line < cells.size(); line++) {
            String tag = line == 0 ? "th" : "td";
            page.append("<tr>");
            cells.get(line)
                    .forEach(cell -> page.append('<')
                            .append(tag)
                            .append('>')
                            .append(Html.escape(cell))
                            .append("</")
                            .append(tag)
                            .append('>'));
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }

    private static void plot(StringBuilder page, String title, List<Series> series) {
        if (series.stream().anyMatch(one -> !one.points().isEmpty())) {
            page.append("<h2>").append(Html.escape(title)).append("</h2>\n");
            page.append(new LinePlot(title, "optimizer step", series).svg());
        }
    }

    private static void facts(StringBuilder page, Map<String, String> facts) {
        page.append("<h2>Provenance</h2>\n<table>\n");
        facts.forEach((name, value) -> page.append("<tr><td>")
                .append(Html.escape(name))
                .append("</td><td class=\"fact\">")
                .append(Html.escape(value))
                .append("</td></tr>\n"));
        page.append("</table>\n");
    }
}
