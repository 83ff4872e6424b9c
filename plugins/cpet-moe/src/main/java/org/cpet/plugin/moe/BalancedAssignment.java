package org.cpet.plugin.moe;

import java.util.Arrays;

/**
 * Items to clusters at the smallest total cost, each cluster getting equally many: exact, by successive shortest paths. An
 * item that comes to a full cluster may push another one out of it, which may push a third one, and so on; the cheapest
 * such chain is found between clusters, whose edge a → b costs what the best item of a would pay more in b.
 */
final class BalancedAssignment {
    private static final double NOISE = 1e-12;

    private final float[] cost;
    private final int clusters;
    private final int capacity;
    private final int[][] members;
    private final int[] sizes;
    private final double[][] push;
    private final int[][] pushed;
    private final double[] distance;
    private final int[] from;

    private BalancedAssignment(float[] cost, int items, int clusters) {
        this.cost = cost;
        this.clusters = clusters;
        this.capacity = items / clusters;
        this.members = new int[clusters][capacity + 1];
        this.sizes = new int[clusters];
        this.push = new double[clusters][clusters];
        this.pushed = new int[clusters][clusters];
        this.distance = new double[clusters];
        this.from = new int[clusters];
        for (double[] row : push) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
    }

    /**
     * The cluster of each item.
     *
     * @param cost [items, clusters], row by row
     * @param clusters a divisor of the number of items
     */
    static int[] of(float[] cost, int items, int clusters) {
        BalancedAssignment assignment = new BalancedAssignment(cost, items, clusters);
        for (int item = 0; item < items; item++) {
            assignment.insert(item);
        }
        int[] labels = new int[items];
        for (int cluster = 0; cluster < clusters; cluster++) {
            for (int i = 0; i < assignment.sizes[cluster]; i++) {
                labels[assignment.members[cluster][i]] = cluster;
            }
        }
        return labels;
    }

    private void insert(int item) {
        for (int cluster = 0; cluster < clusters; cluster++) {
            distance[cluster] = cost(item, cluster);
            from[cluster] = -1;
        }
        relax();
        int end = -1;
        for (int cluster = 0; cluster < clusters; cluster++) {
            if (sizes[cluster] < capacity && (end < 0 || distance[cluster] < distance[end])) {
                end = cluster;
            }
        }
        int cluster = end;
        while (from[cluster] >= 0) {
            int before = from[cluster];
            int moved = pushed[before][cluster];
            remove(before, moved);
            add(cluster, moved);
            cluster = before;
        }
        add(cluster, item);
        for (int changed = end; changed >= 0; changed = from[changed]) {
            refresh(changed);
        }
    }

    /** Bellman and Ford: edges may be negative, cycles are not while the assignment so far is the cheapest. */
    private void relax() {
        boolean[] waiting = new boolean[clusters];
        Arrays.fill(waiting, true);
        boolean shorter = true;
        for (int round = 0; shorter && round < clusters; round++) {
            shorter = false;
            for (int a = 0; a < clusters; a++) {
                if (!waiting[a]) {
                    continue;
                }
                waiting[a] = false;
                for (int b = 0; b < clusters; b++) {
                    double through = distance[a] + push[a][b];
                    if (through < distance[b] - NOISE) {
                        distance[b] = through;
                        from[b] = a;
                        waiting[b] = true;
                        shorter = true;
                    }
                }
            }
        }
    }

    private void refresh(int cluster) {
        for (int other = 0; other < clusters; other++) {
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; other != cluster && i < sizes[cluster]; i++) {
                int member = members[cluster][i];
                double more = cost(member, other) - cost(member, cluster);
                if (more < least) {
                    least = more;
                    pushed[cluster][other] = member;
                }
            }
            push[cluster][other] = least;
        }
    }

    private void add(int cluster, int item) {
        members[cluster][sizes[cluster]++] = item;
    }

    private void remove(int cluster, int item) {
        int[] items = members[cluster];
        int last = --sizes[cluster];
        for (int i = 0; i < last; i++) {
            if (items[i] == item) {
                items[i] = items[last];
                return;
            }
        }
    }

    private double cost(int item, int cluster) {
        return cost[item * clusters + cluster];
    }
}
