package org.cpet.runtime.train;

import java.util.List;

/** The training rows in the order of an epoch. The order depends on seed and epoch alone, so it is never saved. */
public interface TrainingRows {
    /** How many rows. */
    int size();

    /** Micro-batches in every epoch. */
    int microBatches();

    /** Rows of a micro-batch, by index. */
    List<Integer> rows(long epoch, int microBatch);

    /** Labels of these rows that a loss counts. */
    long counted(List<Integer> rows);

    /** Tokens of these rows, padding not counted. */
    long tokens(List<Integer> rows);

    /** Tokens that the model, or its encoder, reads of a row. */
    int inputLength(int row);

    /** Tokens that a decoder reads of a row; 0 where the model has none. */
    int targetLength(int row);

    /** These rows padded on the right to one length, on the device, in the current scope. */
    MicroBatch collate(List<Integer> rows);
}
