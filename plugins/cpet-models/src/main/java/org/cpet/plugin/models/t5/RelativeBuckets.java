package org.cpet.plugin.models.t5;

/**
 * The bucket of a distance key − query: one per distance up to half of the buckets, then logarithmic up to {@code
 * farthest}. The encoder gives keys behind the query the second half of the buckets; the decoder has no such keys.
 *
 * @param count buckets in all
 */
record RelativeBuckets(boolean bothDirections, int count, int farthest) {
    /** Buckets of {@code queries} positions that end at the last of {@code keys}, row by row. */
    long[] of(int queries, int keys) {
        long[] buckets = new long[queries * keys];
        for (int query = 0; query < queries; query++) {
            int position = keys - queries + query;
            for (int key = 0; key < keys; key++) {
                buckets[query * keys + key] = of(key - position);
            }
        }
        return buckets;
    }

    private int of(int ahead) {
        int half = bothDirections ? count / 2 : count;
        int offset = bothDirections && ahead > 0 ? half : 0;
        int distance = bothDirections ? Math.abs(ahead) : Math.max(-ahead, 0);
        int exact = half / 2;
        if (distance < exact) {
            return offset + distance;
        }
        // in float32, as the reference does: whole powers fall on the border of two buckets
        float share =
                (float) StrictMath.log((float) distance / exact) / (float) StrictMath.log((double) farthest / exact);
        int bucket = exact + (int) (share * (half - exact));
        return offset + Math.min(bucket, half - 1);
    }
}
