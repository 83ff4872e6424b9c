package org.cpet.runtime.study;

import java.util.List;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.config.TextTable;
import tools.jackson.databind.node.ObjectNode;

/** What a study leaves beside its cells. */
public final class StudyOutputs {
    private final Findings findings;
    private ObjectNode document = Json.object();

    StudyOutputs(Findings findings) {
        this.findings = findings;
    }

    /** Writes every file anew. */
    void write() {
        document = new StudyJson(findings).document();
        StudyPlan plan = findings.plan();
        List<List<String>> cells = new StudyTable(plan.options().study(), findings.lines()).cells();
        findings.directory().writeFile("study.json", Json.pretty(document));
        findings.directory().writeFile("results.csv", StudyCsv.of(findings.lines()));
        findings.directory()
                .writeFile(
                        "tables.tex",
                        StudyLatex.of(
                                plan.name() + ": " + plan.options().study().title(), cells));
        findings.directory().writeFile("report.html", new StudyPage(findings).html(document));
        findings.selection()
                .flatMap(found ->
                        findings.cellsOf(found.line().variant()).stream().findFirst())
                .ifPresent(cell -> findings.directory()
                        .writeFile("selected.yaml", cell.recipe().yaml()));
    }

    /** {@code study.json} as last written. */
    public ObjectNode document() {
        return document;
    }

    /** Whether every cell is done. */
    public boolean complete() {
        return findings.complete();
    }

    /** How many cells failed. */
    public int failed() {
        return findings.in(CellState.FAILED).size();
    }

    /** What must not pass in silence. */
    public List<String> notices() {
        return findings.allNotices();
    }

    /** The table for a terminal. */
    public String text() {
        List<List<String>> cells = new StudyTable(findings.plan().options().study(), findings.lines()).cells();
        String[] titles = cells.get(0).stream().map(title -> "#" + title).toArray(String[]::new);
        titles[0] = titles[0].substring(1);
        TextTable table = new TextTable(titles);
        cells.subList(1, cells.size()).forEach(line -> table.row(line.toArray(String[]::new)));
        return table.text();
    }
}
