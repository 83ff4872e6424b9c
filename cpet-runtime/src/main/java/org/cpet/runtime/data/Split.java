package org.cpet.runtime.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/**
 * Which rows of the training file are trained on, which choose the best epoch and which are measured on, in file order.
 *
 * @param validation no row when the dataset has rows of its own for that
 * @param test no row when the dataset has rows of its own for that
 */
record Split(List<Integer> train, List<Integer> validation, List<Integer> test) {
    private static final int LARGEST_VALIDATION = 1_000;
    private static final long STREAM = 0x73706c6974L; // "split": other uses of the seed draw other numbers

    /** @param ownTest whether another file is measured on */
    static Split of(int rows, DataInputs inputs, boolean ownValidation, boolean ownTest, long seed) {
        int[] order = KeyedPermutation.of(rows, seed, STREAM);
        int test = ownTest ? 0 : inputs.testRows().orElse(0);
        int left = below(rows, test, "test_rows", inputs);
        int cut = ownValidation ? 0 : validationRows(left, inputs);
        int train = Math.min(left - cut, inputs.maxTrainRows().orElse(left));
        return new Split(
                sorted(order, test + cut, test + cut + train), sorted(order, test, test + cut), sorted(order, 0, test));
    }

    private static int validationRows(int rows, DataInputs inputs) {
        int used = Math.min(rows, inputs.maxTrainRows().orElse(rows));
        int cut = inputs.validationRows().orElse(Math.max(1, Math.min(LARGEST_VALIDATION, used / 10)));
        below(rows, cut, "validation_rows", inputs);
        return cut;
    }

    private static int below(int rows, int cut, String key, DataInputs inputs) {
        if (cut >= rows) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "data." + key + "; found " + cut + "; allowed below " + rows + ", the rows of "
                            + inputs.train().orElseThrow());
        }
        return rows - cut;
    }

    private static List<Integer> sorted(int[] order, int from, int to) {
        return IntStream.of(Arrays.copyOfRange(order, from, to))
                .sorted()
                .boxed()
                .toList();
    }
}
