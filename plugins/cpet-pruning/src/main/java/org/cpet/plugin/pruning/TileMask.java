package org.cpet.plugin.pruning;

import java.util.Arrays;
import java.util.Comparator;

/**
 * 2:4 along rows and columns: in each tile [4, 4] the scores are visited from the largest on, equal ones row by row, and
 * kept unless their row or column of the tile has its two already. That is greedy, so a tile may keep fewer than eight.
 */
final class TileMask {
    private TileMask() {}

    /** The mask of scores [rows, columns], both multiples of the pattern's size. */
    static boolean[] of(float[] scores, int columns, GroupPattern pattern) {
        boolean[] kept = new boolean[scores.length];
        int rows = scores.length / columns;
        for (int row = 0; row < rows; row += pattern.size()) {
            for (int column = 0; column < columns; column += pattern.size()) {
                tile(scores, columns, row * columns + column, pattern, kept);
            }
        }
        return kept;
    }

    private static void tile(float[] scores, int columns, int corner, GroupPattern pattern, boolean[] kept) {
        int size = pattern.size();
        Integer[] order = new Integer[size * size];
        Arrays.setAll(order, cell -> cell);
        // stable, so equal scores stay in the order of the tile's rows
        Arrays.sort(
                order,
                Comparator.comparingDouble(cell -> -Math.abs(scores[corner + cell / size * columns + cell % size])));
        int[] ofRow = new int[size];
        int[] ofColumn = new int[size];
        for (int cell : order) {
            int row = cell / size;
            int column = cell % size;
            if (ofRow[row] < pattern.kept() && ofColumn[column] < pattern.kept()) {
                ofRow[row]++;
                ofColumn[column]++;
                kept[corner + row * columns + column] = true;
            }
        }
    }
}
