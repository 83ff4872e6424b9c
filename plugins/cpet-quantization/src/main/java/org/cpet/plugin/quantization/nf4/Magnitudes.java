package org.cpet.plugin.quantization.nf4;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.cpet.spi.tensor.Ops;

/**
 * The largest magnitude a of each block: float32 [blocks], or in 8 bits themselves (double quantisation): with m the mean
 * of a, and c the largest |a − m| of every 256 blocks, a ≈ m + c · map[code] by {@link ValueTable#DYNAMIC}.
 *
 * @param tensors a alone; or codes uint8 [blocks], c float32 [⌈blocks / 256⌉] and m float32 [1]
 */
record Magnitudes(List<NDArray> tensors) implements AutoCloseable {
    static final int SIZE = 256;

    static Magnitudes of(NDManager manager, float[] largest, boolean doubleQuant) {
        return doubleQuant ? packed(manager, largest) : new Magnitudes(List.of(manager.create(largest)));
    }

    private static Magnitudes packed(NDManager manager, float[] largest) {
        float mean = (float) IntStream.range(0, largest.length)
                .mapToDouble(i -> largest[i])
                .average()
                .orElse(0);
        float[] ranges = new float[count(largest.length)];
        for (int i = 0; i < largest.length; i++) {
            ranges[i / SIZE] = Math.max(ranges[i / SIZE], Math.abs(largest[i] - mean));
        }
        byte[] codes = new byte[largest.length];
        for (int i = 0; i < codes.length; i++) {
            float range = ranges[i / SIZE];
            codes[i] = (byte) ValueTable.DYNAMIC.code((largest[i] - mean) / (range == 0 ? 1 : range));
        }
        return new Magnitudes(
                List.of(bytes(manager, codes), manager.create(ranges), manager.create(new float[] {mean})));
    }

    /** Second-level blocks of so many first-level blocks. */
    static int count(int blocks) {
        return (blocks + SIZE - 1) / SIZE;
    }

    static NDArray bytes(NDManager manager, byte[] values) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(values.length).put(values).rewind();
        return manager.create(buffer, new Shape(values.length), DataType.UINT8);
    }

    boolean isDouble() {
        return tensors.size() > 1;
    }

    /** a, float32 [blocks]; a new tensor only where it is held in 8 bits. */
    NDArray values() {
        if (!isDouble()) {
            return tensors.get(0);
        }
        NDArray codes = tensors.get(0).toType(DataType.INT64, true);
        NDArray map = tensors.get(0).getManager().create(ValueTable.DYNAMIC.values());
        NDArray ranges =
                tensors.get(1).reshape(-1, 1).broadcast(new Shape(tensors.get(1).size(), SIZE));
        NDArray range = ranges.reshape(-1).get(new NDIndex("0:" + codes.size()));
        return map.get(new NDIndex("{}", codes)).mul(range).add(tensors.get(2));
    }

    /** Those of some blocks, in float32: blocks that leave take nothing from the precision of the others. */
    Magnitudes select(Ops ops, int[] blocks) {
        return new Magnitudes(List.of(ops.select(values(), 0, blocks)));
    }

    @Override
    public void close() {
        tensors.forEach(NDArray::close);
    }
}
