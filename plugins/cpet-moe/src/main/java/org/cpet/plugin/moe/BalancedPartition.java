package org.cpet.plugin.moe;

import java.util.Arrays;

/**
 * A graph cut into parts of one size so that much weight stays inside. Parts grow one after the other, each time by the
 * vertex that is tied most to the part; then pairs of vertices change places as long as the weight inside grows (Kernighan
 * and Lin), for at most ten rounds. Equal choices take the first vertex.
 */
final class BalancedPartition {
    private static final int ROUNDS = 10;

    private final float[] edges;
    private final int vertices;
    private final int parts;
    private final int[] labels;
    private final double[][] ties;

    private BalancedPartition(float[] edges, int vertices, int parts) {
        this.edges = edges;
        this.vertices = vertices;
        this.parts = parts;
        this.labels = new int[vertices];
        this.ties = new double[vertices][parts];
    }

    /**
     * The part of each vertex.
     *
     * @param edges symmetric [vertices, vertices], row by row, 0 on the diagonal
     * @param parts a divisor of the number of vertices
     */
    static int[] labels(float[] edges, int vertices, int parts) {
        BalancedPartition partition = new BalancedPartition(edges, vertices, parts);
        partition.grow();
        boolean better = true;
        for (int round = 0; better && round < ROUNDS; round++) {
            better = partition.exchange();
        }
        return partition.labels;
    }

    private void grow() {
        Arrays.fill(labels, -1);
        double[] degrees = new double[vertices];
        for (int i = 0; i < vertices; i++) {
            for (int j = 0; j < vertices; j++) {
                degrees[i] += weight(i, j);
            }
        }
        for (int part = 0; part < parts; part++) {
            put(best(degrees), part);
            for (int size = 1; size < vertices / parts; size++) {
                double[] tied = new double[vertices];
                for (int i = 0; i < vertices; i++) {
                    tied[i] = ties[i][part];
                }
                put(best(tied), part);
            }
        }
    }

    private int best(double[] values) {
        int best = -1;
        for (int i = 0; i < vertices; i++) {
            if (labels[i] < 0 && (best < 0 || values[i] > values[best])) {
                best = i;
            }
        }
        return best;
    }

    private void put(int vertex, int part) {
        labels[vertex] = part;
        tie(vertex, part, 1);
    }

    private void tie(int vertex, int part, int sign) {
        for (int i = 0; i < vertices; i++) {
            ties[i][part] += sign * weight(i, vertex);
        }
    }

    private boolean exchange() {
        boolean better = false;
        for (int i = 0; i < vertices; i++) {
            int best = -1;
            double most = 1e-6;
            for (int j = 0; j < vertices; j++) {
                double gain = labels[i] == labels[j] ? 0 : gain(i, j);
                if (gain > most) {
                    most = gain;
                    best = j;
                }
            }
            if (best >= 0) {
                swap(i, best);
                better = true;
            }
        }
        return better;
    }

    private double gain(int i, int j) {
        return ties[i][labels[j]] - ties[i][labels[i]] + ties[j][labels[i]] - ties[j][labels[j]] - 2 * weight(i, j);
    }

    private void swap(int i, int j) {
        int a = labels[i];
        int b = labels[j];
        tie(i, a, -1);
        tie(j, b, -1);
        put(i, b);
        put(j, a);
    }

    private double weight(int i, int j) {
        return edges[i * vertices + j];
    }
}
