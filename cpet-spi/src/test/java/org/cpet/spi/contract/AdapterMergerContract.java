package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.cpet.spi.adapter.AdapterMerger;
import org.cpet.spi.adapter.AdapterMergerFactory;
import org.cpet.spi.adapter.AdapterObjective;
import org.cpet.spi.adapter.TaskVector;
import org.junit.jupiter.api.Test;

/** What every adapter merger holds. */
public interface AdapterMergerContract<O extends Record> extends ExtensionContract<AdapterMergerFactory<O>, O> {
    @Test
    default void theMergedVectorHasTheSameTensors() {
        for (int count = 1; count <= 4; count++) {
            TaskVector merged = merge(count);

            assertThat(merged.tensors()).isEqualTo(ToyVectors.of(0).tensors());
            merged.values().forEach(values -> {
                for (float value : values) {
                    assertThat(value).isFinite();
                }
            });
        }
    }

    @Test
    default void theSameVectorsGiveTheSameBytes() {
        TaskVector first = merge(3);
        TaskVector second = merge(3);

        for (int i = 0; i < first.values().size(); i++) {
            assertThat(first.values().get(i)).isEqualTo(second.values().get(i));
        }
    }

    @Test
    default void whatIsMergedStaysAsItIs() {
        List<TaskVector> experts = experts(3);
        merger().merge(experts, objective());

        for (int k = 0; k < experts.size(); k++) {
            for (int i = 0; i < experts.get(k).values().size(); i++) {
                assertThat(experts.get(k).values().get(i))
                        .isEqualTo(ToyVectors.of(k).values().get(i));
            }
        }
    }

    @Test
    default void onlyThoseThatSaySoAskTheObjective() {
        boolean[] asked = {false};
        merger().merge(experts(2), candidate -> {
            asked[0] = true;
            return 1;
        });

        assertThat(asked[0]).isEqualTo(merger().needsObjective());
    }

    private TaskVector merge(int count) {
        return merger().merge(experts(count), objective()).unpack();
    }

    private static List<TaskVector> experts(int count) {
        return IntStream.range(0, count).mapToObj(ToyVectors::of).toList();
    }

    /** How far the vector is from that of seed 0. */
    private static AdapterObjective objective() {
        return candidate -> {
            TaskVector vector = candidate.unpack();
            double sum = 0;
            for (int i = 0; i < vector.values().size(); i++) {
                for (int j = 0; j < vector.values().get(i).length; j++) {
                    double difference = vector.values().get(i)[j]
                            - ToyVectors.of(0).values().get(i)[j];
                    sum += difference * difference;
                }
            }
            return sum;
        };
    }

    private AdapterMerger merger() {
        return factory().create(options(), new PlainContext(1));
    }
}
