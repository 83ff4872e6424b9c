package org.cpet.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private final List<String> names = List.of("rank", "alpha", "query", "structured_pruning");

    @Test
    void swappedNeighboursAreOneEdit() {
        assertThat(Nearest.to("rnak", names)).contains("rank");
    }

    @Test
    void aThirdOfALongNameMayDiffer() {
        assertThat(Nearest.to("structural_prunning", names)).contains("structured_pruning");
    }

    @Test
    void caseDoesNotCount() {
        assertThat(Nearest.to("QUERY", names)).contains("query");
    }

    @Test
    void nothingIsSuggestedWhenNothingIsNear() {
        assertThat(Nearest.to("moefication", names)).isEmpty();
        assertThat(Nearest.to("q", names)).isEmpty();
    }

    @Test
    void theHintEndsAMessage() {
        assertThat(Nearest.hint("alhpa", names)).isEqualTo("; did you mean alpha?");
        assertThat(Nearest.hint("zzzzzz", names)).isEmpty();
    }
}
