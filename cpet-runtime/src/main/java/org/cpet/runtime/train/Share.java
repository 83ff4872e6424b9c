package org.cpet.runtime.train;

import java.util.List;

/**
 * How much of an optimizer step a micro-batch holds, 0 to 1. Each loss is a mean over something; weighted by its share of
 * that, the micro-batches' losses add up to the loss of all their rows together.
 *
 * @param labels of the labels that the task loss counts
 * @param tokens of the input's tokens, padding not counted
 * @param examples of the rows
 */
public record Share(double labels, double tokens, double examples) {
    /** The share of some rows in all rows of a step. */
    static Share of(TrainingRows source, List<Integer> rows, List<Integer> all) {
        return new Share(
                (double) source.counted(rows) / source.counted(all),
                (double) source.tokens(rows) / source.tokens(all),
                (double) rows.size() / all.size());
    }
}
