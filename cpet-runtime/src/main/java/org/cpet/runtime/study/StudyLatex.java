package org.cpet.runtime.study;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code tables.tex}: the table as a LaTeX {@code tabular} that needs no package. */
final class StudyLatex {
    private static final Map<Character, String> SPECIAL = Map.ofEntries(
            Map.entry('\\', "\\textbackslash{}"),
            Map.entry('{', "\\{"),
            Map.entry('}', "\\}"),
            Map.entry('$', "\\$"),
            Map.entry('&', "\\&"),
            Map.entry('#', "\\#"),
            Map.entry('_', "\\_"),
            Map.entry('%', "\\%"),
            Map.entry('~', "\\textasciitilde{}"),
            Map.entry('^', "\\textasciicircum{}"),
            Map.entry('±', "$\\pm$"));

    private StudyLatex() {}

    static String of(String caption, List<List<String>> cells) {
        StringBuilder text = new StringBuilder("\\begin{table}\n\\centering\n\\begin{tabular}{l");
        text.append("r".repeat(cells.get(0).size() - 1)).append("}\n\\hline\n");
        for (int i = 0; i < cells.size(); i++) {
            text.append(cells.get(i).stream().map(StudyLatex::escape).collect(Collectors.joining(" & ")))
                    .append(" \\\\\n")
                    .append(i == 0 || i == cells.size() - 1 ? "\\hline\n" : "");
        }
        return text.append("\\end{tabular}\n\\caption{")
                .append(escape(caption))
                .append("}\n\\end{table}\n")
                .toString();
    }

    private static String escape(String text) {
        return text.chars()
                .mapToObj(each -> SPECIAL.getOrDefault((char) each, String.valueOf((char) each)))
                .collect(Collectors.joining());
    }
}
