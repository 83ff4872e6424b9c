package org.cpet.runtime.report;

import java.util.List;
import java.util.Map;
import org.cpet.runtime.report.ReportData.Series;

/** One self-contained page, put together part by part: no script, nothing loaded; fit for a phone and for paper. */
public final class HtmlPage {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
            h1{font-size:1.5rem} h2{font-size:1.15rem;margin-top:2rem} h1,p{overflow-wrap:anywhere}
            table{border-collapse:collapse} th,td{padding:.3rem .8rem;border-bottom:1px solid #d8dee4;text-align:right}
            th:first-child,td:first-child{text-align:left} pre{background:#f6f8fa;padding:1rem;overflow:auto}
            tr.best td{font-weight:600} .scroll{overflow-x:auto} .scroll td{white-space:nowrap}
            svg{width:100%;max-width:48rem} svg.bars{max-width:34rem} .grid{stroke:#e4e8ec} .whisker{stroke:#57606a}
            .tick,.legend{font-size:11px} .title{font-size:13px}
            .tick{fill:#57606a} .notice{border-left:4px solid #d29922;padding:.2rem .8rem;margin:.4rem 0}
            ul.key{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem}
            ul.key span{display:inline-block;width:.8em;height:.8em;margin-right:.4em}
            td.fact{text-align:left;overflow-wrap:anywhere}
            @media (prefers-color-scheme: dark){body{background:#0d1117;color:#e6edf3} pre{background:#161b22}
            th,td{border-color:#30363d} .grid{stroke:#30363d} .title{fill:#e6edf3} .tick{fill:#9198a1}
            svg.bars text{fill:#e6edf3}}
            @media (max-width: 600px){body{font-size:14px;margin:1rem auto} th,td{padding:.25rem .4rem}
            .tick,.legend{font-size:19px} .title{font-size:20px} svg.bars .tick{font-size:11px}
            pre{font-size:12px;padding:.6rem} table.facts td{display:block;text-align:left}
            table.facts td:first-child{border:0;font-weight:600;padding-bottom:0}}
            @media print{body{font-size:10pt;max-width:none;margin:0;color:#000;background:#fff} th,td{padding:.15rem .3rem}
            .scroll{overflow:visible} .scroll table{font-size:8pt} .scroll td{white-space:normal} pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:8pt;background:none}
            h2{break-after:avoid} svg,tr,.notice{break-inside:avoid} svg{max-width:16cm} svg.bars{max-width:8.5cm}
            ul.key span,svg *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
            """;

    private final StringBuilder page = new StringBuilder();

    /** Begins a page. */
    public HtmlPage(String title) {
        String safe = Html.escape(title);
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(safe)
                .append("</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(safe)
                .append("</h1>\n");
    }

    /** A heading. */
    public HtmlPage heading(String text) {
        page.append("<h2>").append(Html.escape(text)).append("</h2>\n");
        return this;
    }

    /** What must not pass in silence. */
    public HtmlPage notices(List<String> notices) {
        notices.forEach(notice -> element("p class=\"notice\"", "p", notice));
        return this;
    }

    /** Paragraphs. */
    public HtmlPage paragraphs(List<String> lines) {
        lines.forEach(line -> element("p", "p", line));
        return this;
    }

    /** A table whose first line is its header. */
    public HtmlPage table(List<List<String>> cells) {
        return table(cells, -1);
    }

    /** The same with a line set apart; the header is line 0, and none is -1. */
    public HtmlPage table(List<List<String>> cells, int best) {
        page.append("<div class=\"scroll\"><table>\n");
        for (int line = 0; line < cells.size(); line++) {
            String tag = line == 0 ? "th" : "td";
            page.append(line == best ? "<tr class=\"best\">" : "<tr>");
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
        page.append("</table></div>\n");
        return this;
    }

    /** Curves with a legend inside, where there are any points. */
    public HtmlPage plot(String title, String xLabel, List<Series> series) {
        if (series.stream().anyMatch(one -> !one.points().isEmpty())) {
            heading(title);
            page.append(new LinePlot(title, xLabel, series, true).svg());
        }
        return this;
    }

    /** Curves with long names, which stand below. */
    public HtmlPage curves(String title, String xLabel, List<Series> series) {
        if (series.stream().anyMatch(one -> !one.points().isEmpty())) {
            heading(title);
            page.append(new LinePlot(title, xLabel, series, false).svg());
            page.append("<ul class=\"key\">");
            for (int i = 0; i < series.size(); i++) {
                page.append("<li><span style=\"background:")
                        .append(LinePlot.colour(i))
                        .append("\"></span>")
                        .append(Html.escape(series.get(i).name()))
                        .append("</li>");
            }
            page.append("</ul>\n");
        }
        return this;
    }

    /** Bars, where there are any. */
    public HtmlPage bars(String title, List<BarChart.Bar> bars) {
        if (!bars.isEmpty()) {
            heading(title);
            page.append(new BarChart(title, bars).svg());
        }
        return this;
    }

    /** Facts by name. */
    public HtmlPage facts(Map<String, String> facts) {
        page.append("<table class=\"facts\">\n");
        facts.forEach((name, value) -> page.append("<tr><td>")
                .append(Html.escape(name))
                .append("</td><td class=\"fact\">")
                .append(Html.escape(value))
                .append("</td></tr>\n"));
        page.append("</table>\n");
        return this;
    }

    /** Text as it stands. */
    public HtmlPage verbatim(String text) {
        element("pre", "pre", text);
        return this;
    }

    /** The whole page. */
    public String text() {
        return page + "</body></html>\n";
    }

    private void element(String open, String close, String text) {
        page.append('<')
                .append(open)
                .append('>')
                .append(Html.escape(text))
                .append("</")
                .append(close)
                .append(">\n");
    }
}
