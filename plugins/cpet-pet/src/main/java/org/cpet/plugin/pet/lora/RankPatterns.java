package org.cpet.plugin.pet.lora;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cpet.spi.InputException;
import org.cpet.spi.lowrank.LowRankForm;
import org.cpet.spi.lowrank.LowRankPair;

/**
 * Modules that lost some of their ranks, as PEFT's {@code rank_pattern} and {@code alpha_pattern} tell of them: a smaller
 * rank with an alpha that leaves the scale as it was.
 */
final class RankPatterns {
    private RankPatterns() {}

    /** Writes both patterns. */
    static void write(LoraOptions options, List<LowRankPair> pairs, Map<String, Object> config) {
        Map<String, Object> ranks = new TreeMap<>();
        Map<String, Object> alphas = new TreeMap<>();
        for (LowRankPair pair : pairs) {
            int rank = pair.ranks().length;
            if (rank != options.r()) {
                ranks.put(pair.site().name(), rank);
                alphas.put(pair.site().name(), LowRankForm.plain(alpha(options, rank)));
            }
        }
        config.put("rank_pattern", ranks);
        config.put("alpha_pattern", alphas);
    }

    /** Checks that both patterns leave the scale as it is; the tensors themselves tell the ranks. */
    static void check(LoraOptions options, Map<String, Object> ranks, Map<String, Object> alphas) {
        new TreeMap<>(ranks).forEach((layer, rank) -> {
            double wanted = rank instanceof Number number ? alpha(options, number.doubleValue()) : Double.NaN;
            Object alpha = alphas.getOrDefault(layer, LowRankForm.plain(options.loraAlpha()));
            // PEFT divides the one by the other in double precision
            boolean same = alpha instanceof Number found && Math.abs(found.doubleValue() - wanted) <= 1e-9 * wanted;
            if (!same) {
                throw new InputException("'rank_pattern' gives " + layer + " another scale; found rank " + rank
                        + " with alpha " + alpha + "; allowed alpha " + LowRankForm.plain(wanted)
                        + ", which keeps lora_alpha / r");
            }
        });
        alphas.keySet().stream()
                .filter(layer -> !ranks.containsKey(layer))
                .sorted()
                .findFirst()
                .ifPresent(layer -> {
                    throw new InputException("'alpha_pattern' gives " + layer + " another scale; found alpha "
                            + alphas.get(layer) + "; allowed layers of rank_pattern");
                });
    }

    private static double alpha(LoraOptions options, double rank) {
        return options.scale() * (options.useRslora() ? Math.sqrt(rank) : rank);
    }
}
