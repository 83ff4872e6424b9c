package org.cpet.runtime.evaluate;

import com.google.common.primitives.ImmutableLongArray;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.data.ExampleEncoder;
import org.cpet.spi.data.Example;

/** Words that are their ids written out, as {@code "7 8"}; 1 ends an answer. */
final class WordIds implements ExampleEncoder {
    @Override
    public EncodedRow encode(Example example) {
        throw new UnsupportedOperationException("rows are given as ids");
    }

    @Override
    public ImmutableLongArray word(String word) {
        ImmutableLongArray.Builder ids = ImmutableLongArray.builder();
        if (!word.isEmpty()) {
            Arrays.stream(word.split(" ")).mapToLong(Long::parseLong).forEach(ids::add);
        }
        return ids.add(1).build();
    }

    @Override
    public String text(ImmutableLongArray answer) {
        return answer.asList().stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    @Override
    public Set<Long> ends() {
        return Set.of(1L);
    }
}
