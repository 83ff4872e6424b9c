package org.cpet.plugin.quantization.nf4;

import java.util.Arrays;

/** Ascending values that codes stand for; a number becomes the code of the nearest, of two equally near the lower. */
final class ValueTable {
    private static final double[] NORMAL_QUANTILES = {
        -1.0,
        -0.6961928009986877,
        -0.5250730514526367,
        -0.39491748809814453,
        -0.28444138169288635,
        -0.18477343022823334,
        -0.09105003625154495,
        0.0,
        0.07958029955625534,
        0.16093020141124725,
        0.24611230194568634,
        0.33791524171829224,
        0.44070982933044434,
        0.5626170039176941,
        0.7229568362236023,
        1.0
    };

    /** NF4: the sixteen quantiles of QLoRA. */
    static final ValueTable NORMAL = new ValueTable(NORMAL_QUANTILES);

    /** The signed dynamic map of 8 bits: for i = 0 .. 6 the middles of 2^i equal cells of [0.1, 1], times 10^(i−6); ±, 0, 1. */
    static final ValueTable DYNAMIC = new ValueTable(dynamic());

    private final float[] values;
    private final double[] middles;

    private ValueTable(double[] ascending) {
        values = new float[ascending.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ascending[i];
        }
        middles = new double[values.length - 1];
        for (int i = 0; i < middles.length; i++) {
            middles[i] = ((double) values[i] + values[i + 1]) / 2;
        }
    }

    /** What the codes stand for. */
    float[] values() {
        return values.clone();
    }

    /** The value of a code. */
    float value(int code) {
        return values[code];
    }

    /** The code of a number. */
    int code(float number) {
        int low = 0;
        int high = middles.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (number > middles[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double[] dynamic() {
        double[] all = new double[256];
        int count = 0;
        for (int i = 0; i <= 6; i++) {
            int cells = 1 << i;
            for (int cell = 0; cell < cells; cell++) {
                double middle = 0.1 + 0.9 * (cell + 0.5) / cells;
                all[count++] = middle * Math.pow(10, i - 6);
                all[count++] = -middle * Math.pow(10, i - 6);
            }
        }
        all[count++] = 0;
        all[count] = 1;
        Arrays.sort(all);
        return all;
    }
}
