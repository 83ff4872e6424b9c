package org.cpet.plugin.adapters.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.adapters.compeft.CompeftFactory;
import org.cpet.plugin.adapters.compeft.CompeftOptions;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.AdapterVector;
import org.cpet.spi.adapter.TaskVector;
import org.cpet.spi.contract.PlainContext;
import org.cpet.spi.contract.Seeded;
import org.cpet.spi.contract.ToyVectors;
import org.junit.jupiter.api.Test;

class TiesTest {
    private static final TaskVector FIRST = vector(.5f, -.2f, 0, .3f);
    private static final TaskVector SECOND = vector(-.4f, -.6f, .1f, 0);
    private static final TaskVector THIRD = vector(.3f, .1f, 0, .2f);

    @Test
    void theWorkedVector() {
        assertThat(ties(1, 1, FIRST, SECOND, THIRD)).containsExactly(new float[] {.4f, -.4f, .1f, .25f}, within(1e-7f));
        assertThat(ties(.5, 1, FIRST, SECOND, THIRD))
                .containsExactly(new float[] {.2f, -.2f, .05f, .125f}, within(1e-7f));
    }

    @Test
    void theSumOfTheWorkedVector() {
        AdapterVector sum =
                new TaskArithmetic(new TaskArithmeticOptions(1)).merge(List.of(FIRST, SECOND, THIRD), candidate -> 0);

        assertThat(sum.unpack().values().get(0)).containsExactly(new float[] {.4f, -.7f, .1f, .5f}, within(1e-7f));
    }

    @Test
    void aSumOfZeroTakesTheSignThatMoreElected() {
        assertThat(ties(1, 1, vector(1, 2, -1), vector(-1, 2, 0))).containsExactly(0, 2, -1);
        assertThat(ties(1, 1, vector(1, 2, 3), vector(-1, 2, 0))).containsExactly(1, 2, 3);
    }

    @Test
    void onlyTheLargestTakePartWhenAsked() {
        assertThat(ties(1, 0.5, FIRST, SECOND)).containsExactly(new float[] {.5f, -.6f, 0, .3f}, within(1e-7f));
    }

    @Test
    void masksGiveWhatUnpackedValuesGive() {
        Seeded.run(seed -> {
            for (int count = 1; count <= 5; count++) {
                for (boolean perTensor : new boolean[] {false, true}) {
                    List<AdapterVector> packed = packed(seed, count, perTensor);
                    List<AdapterVector> dense = packed.stream()
                            .<AdapterVector>map(AdapterVector::unpack)
                            .toList();
                    AdapterVector ofMasks = merge(packed);

                    assertThat(ofMasks).isInstanceOf(MergedMasks.class);
                    assertThat(flat(ofMasks)).containsExactly(flat(merge(dense)), within(1e-6f)); // float32 scales
                }
            }
        });
    }

    /** Equal scales, so that sums of 0 occur. */
    @Test
    void masksOfOneScaleGiveWhatUnpackedValuesGive() {
        Seeded.run(seed -> {
            TaskVector vector = ToyVectors.of(seed);
            TaskVector turned = TaskVector.of(Map.of(
                    vector.tensors().get(0), negated(vector.values().get(0)),
                    vector.tensors().get(1), vector.values().get(1),
                    vector.tensors().get(2), vector.values().get(2)));
            List<AdapterVector> packed = List.of(pack(vector, 0.4, true), pack(turned, 0.4, true));

            assertThat(flat(merge(packed)))
                    .containsExactly(
                            flat(merge(packed.stream()
                                    .<AdapterVector>map(AdapterVector::unpack)
                                    .toList())),
                            within(1e-6f));
        });
    }

    private static AdapterVector merge(List<AdapterVector> vectors) {
        return new Ties(new TiesOptions(1, 1)).merge(vectors, candidate -> 0);
    }

    private static List<AdapterVector> packed(long seed, int count, boolean perTensor) {
        AdapterVector[] packed = new AdapterVector[count];
        for (int k = 0; k < count; k++) {
            packed[k] = pack(ToyVectors.of(seed * 10 + k), 0.4, perTensor && k == 0);
        }
        return List.of(packed);
    }

    private static AdapterVector pack(TaskVector vector, double density, boolean perTensor) {
        return new CompeftFactory()
                .create(new CompeftOptions(density, 1, perTensor), new PlainContext(1))
                .pack(vector);
    }

    private static float[] ties(double lambda, double density, TaskVector... vectors) {
        return flat(new Ties(new TiesOptions(lambda, density)).merge(Arrays.asList(vectors), candidate -> 0));
    }

    private static float[] flat(AdapterVector vector) {
        float[] flat = new float[Math.toIntExact(vector.size())];
        int begin = 0;
        for (float[] values : vector.unpack().values()) {
            System.arraycopy(values, 0, flat, begin, values.length);
            begin += values.length;
        }
        return flat;
    }

    private static float[] negated(float[] values) {
        float[] negated = values.clone();
        for (int i = 0; i < negated.length; i++) {
            negated[i] = -negated[i];
        }
        return negated;
    }

    private static TaskVector vector(float... values) {
        return TaskVector.of(Map.of(new AdapterTensor("tau", new Shape(values.length)), values));
    }
}
