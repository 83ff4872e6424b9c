package org.cpet.runtime.report;

/** {@code report.html} of a run: table, convergence curves, notices, provenance and recipe. */
public final class HtmlReport {
    private HtmlReport() {}

    /** The whole page. */
    public static String render(ReportData data) {
        return new HtmlPage(data.title())
                .notices(data.notices())
                .table(ResultTable.cells(data.rows()))
                .paragraphs(data.measured())
                .plot("Convergence: " + data.scoreName() + " on the validation rows", "optimizer step", data.scores())
                .plot("Convergence: training loss", "optimizer step", data.losses())
                .heading("Provenance")
                .facts(data.facts())
                .heading("Recipe")
                .verbatim(data.recipe())
                .text();
    }
}
