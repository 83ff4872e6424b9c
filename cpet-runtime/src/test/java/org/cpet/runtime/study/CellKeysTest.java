package org.cpet.runtime.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.cpet.runtime.recipe.Paradigm;
import org.junit.jupiter.api.Test;

class CellKeysTest {
    private static final String RECIPE = """
            name: a
            seed: 1
            pet:
              r: 4
            compression:
              - int8: {}
            recovery:
              r: 8
            evaluation:
              metrics: [accuracy]
              compare: [cpet]
            """;

    @Test
    void aStageDependsOnItsSectionsAlone() {
        assertThat(changed("  r: 8", "  r: 9")).containsExactly(Paradigm.CPET);
        assertThat(changed("  - int8: {}", "  - int4: {}"))
                .containsExactly(Paradigm.COMPRESSED, Paradigm.COMPRESSED_PET, Paradigm.INHERITED, Paradigm.CPET);
        assertThat(changed("seed: 1", "seed: 2")).containsExactly(Paradigm.values());
        assertThat(changed("name: a", "name: b")).isEmpty();
        assertThat(changed("compare: [cpet]", "compare: [teacher]")).isEmpty();
    }

    @Test
    void whatIsNotKnownToBeForeignMatters() {
        assertThat(changed("seed: 1", "seed: 1\nestimation:\n  steps: 5")).containsExactly(Paradigm.values());
    }

    @Test
    void aCellDependsOnEverything() {
        assertThat(CellKeys.cell(RECIPE, "{}"))
                .hasSize(16)
                .isNotEqualTo(CellKeys.cell(RECIPE + " ", "{}"))
                .isNotEqualTo(CellKeys.cell(RECIPE, "{\"data\":1}"));
    }

    private static List<Paradigm> changed(String from, String to) {
        Map<Paradigm, String> before = CellKeys.stages(RECIPE, "{}");
        Map<Paradigm, String> after = CellKeys.stages(RECIPE.replace(from, to), "{}");
        return before.keySet().stream()
                .filter(paradigm -> !before.get(paradigm).equals(after.get(paradigm)))
                .toList();
    }
}
