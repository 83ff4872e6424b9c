package org.cpet.plugin.pet.prefix;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;

/**
 * A tensor of virtual keys, values or both, [virtual tokens, width].
 *
 * @param name of the tensor
 * @param network name of the part of a reparameterisation that makes it
 * @param blocks runs of columns: each has one column for each row of the layers it names, which must have kept the same
 * @param width columns
 */
record Slot(String name, String network, List<List<String>> blocks, int width) {
    /** Columns of the taught tensor that are left; empty where layers that share a run kept different rows. */
    Optional<int[]> left(Lineage lineage) {
        int[] positions = {};
        int offset = 0;
        for (List<String> block : blocks) {
            KeptIndices kept = kept(lineage, block.get(0));
            int[] rows = kept.rows();
            if (block.stream()
                    .anyMatch(other -> !Arrays.equals(rows, kept(lineage, other).rows()))) {
                return Optional.empty();
            }
            int start = offset;
            positions = IntStream.concat(
                            IntStream.of(positions), IntStream.of(rows).map(row -> start + row))
                    .toArray();
            offset += kept.originalOut();
        }
        return Optional.of(positions);
    }

    /** Columns of the taught tensor. */
    int original(Lineage lineage) {
        return blocks.stream()
                .mapToInt(block -> kept(lineage, block.get(0)).originalOut())
                .sum();
    }

    private static KeptIndices kept(Lineage lineage, String layer) {
        KeptIndices kept = lineage.linears().get(layer);
        if (kept == null) {
            throw new IllegalStateException("the lineage has no layer '" + layer + "'");
        }
        return kept;
    }
}
