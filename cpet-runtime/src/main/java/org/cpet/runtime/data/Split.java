package org.cpet.runtime.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/**
 * Which rows of the training file are trained on and which choose the best epoch, in file order.
 *
 * @param validation no row when the dataset has rows of its own for that
 */
record Split(List<Integer> train, List<Integer> validation) {
    private static final int LARGEST_VALIDATION = 1_000;
    private static final long STREAM = 0x73706c6974L; // "split": other uses of the seed draw other numbers

    static Split of(int rows, DataInputs inputs, boolean ownValidation, long seed) {
        int[] order = KeyedPermutation.of(rows, seed, STREAM);
        int cut = ownValidation ? 0 : validationRows(rows, inputs);
        int train = Math.min(rows - cut, inputs.maxTrainRows().orElse(rows));
        return new Split(sorted(order, cut, cut + train), sorted(order, 0, cut));
    }

    private static int validationRows(int rows, DataInputs inputs) {
        int used = Math.min(rows, inputs.maxTrainRows().orElse(rows));
        int cut = inputs.validationRows().orElse(Math.max(1, Math.min(LARGEST_VALIDATION, used / 10)));
        if (cut >= rows) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "data.validation_rows; found " + cut + "; allowed below " + rows + ", the rows of "
                            + inputs.train().orElseThrow());
        }
        return cut;
    }

    private static List<Integer> sorted(int[] order, int from, int to) {
        return IntStream.of(Arrays.copyOfRange(order, from, to))
                .sorted()
                .boxed()
                .toList();
    }
}
