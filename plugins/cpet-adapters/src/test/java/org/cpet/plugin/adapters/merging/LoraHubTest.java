package org.cpet.plugin.adapters.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cpet.spi.adapter.TaskVector;
import org.cpet.spi.contract.PlainContext;
import org.cpet.spi.contract.Seeded;
import org.cpet.spi.contract.ToyVectors;
import org.junit.jupiter.api.Test;

class LoraHubTest {
    @Test
    void theSearchFindsTheBottomOfABowl() {
        Seeded.run(seed -> {
            EvolutionSearch search = new EvolutionSearch(1.5, 400, Seeded.random(seed, "search"));
            EvolutionSearch.Found found = search.minimize(
                    3, point -> square(point[0] - 1) + 4 * square(point[1] + .5) + square(point[2] - 3));

            // the last coordinate ends at its bound; 400 tries leave a few hundredths
            assertThat(found.point().get(0)).isCloseTo(1, within(0.05));
            assertThat(found.point().get(1)).isCloseTo(-.5, within(0.05));
            assertThat(found.point().get(2)).isCloseTo(1.5, within(0.05));
            assertThat(found.first()).isEqualTo(1 + 1 + 9);
            assertThat(found.value()).isCloseTo(2.25, within(0.05));
        });
    }

    @Test
    void weightsThatLowerTheLossAreFoundAndTold() {
        PlainContext context = new PlainContext(1);
        TaskVector wanted = ToyVectors.of(0);
        TaskVector merged = new LoraHub(new LoraHubOptions(200, 1.5, 0), context)
                .merge(List.of(ToyVectors.of(1), wanted), candidate -> distance(candidate.unpack(), wanted))
                .unpack();

        assertThat(distance(merged, wanted)).isLessThan(0.05 * distance(ToyVectors.of(1), wanted));
        assertThat(context.notices())
                .singleElement()
                .asString()
                .startsWith("weights ")
                .contains("200 tried");
    }

    @Test
    void aPenaltyKeepsUselessWeightsAtZero() {
        TaskVector merged = new LoraHub(new LoraHubOptions(40, 1.5, 0.05), new PlainContext(1))
                .merge(List.of(ToyVectors.of(1), ToyVectors.of(2)), candidate -> 1)
                .unpack();

        assertThat(merged.values()).allSatisfy(values -> assertThat(values).containsOnly(0f));
    }

    private static double distance(TaskVector a, TaskVector b) {
        double sum = 0;
        for (int i = 0; i < a.values().size(); i++) {
            for (int j = 0; j < a.values().get(i).length; j++) {
                sum += square(a.values().get(i)[j] - b.values().get(i)[j]);
            }
        }
        return sum;
    }

    private static double square(double x) {
        return x * x;
    }
}
