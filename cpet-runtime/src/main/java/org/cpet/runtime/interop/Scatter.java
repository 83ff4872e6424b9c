package org.cpet.runtime.interop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.model.KeptIndices;

/**
 * Tensors of a narrowed model's modules spread out to the shapes of the whole model: B_full[kept rows] = B,
 * A_full[:, kept columns] = A, zeros elsewhere. On the whole model with the removed heads and neurons masked they compute
 * what they computed on the narrowed one; without the masks another function.
 */
final class Scatter {
    private final Map<String, KeptIndices> kept;
    private final NDManager manager;

    /** @param kept by layer of the whole model */
    Scatter(Map<String, KeptIndices> kept, NDManager manager) {
        this.kept = kept;
        this.manager = manager;
    }

    /** Every tensor in the shape that {@code wanted} has under its name, where that can be reached. */
    Map<String, NDArray> of(Map<String, NDArray> tensors, Map<String, NDArray> wanted) {
        Map<String, NDArray> spread = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            NDArray target = wanted.get(name);
            Optional<KeptIndices> indices = layer(name);
            spread.put(
                    name,
                    target == null || indices.isEmpty() ? tensor : spread(tensor, target.getShape(), indices.get()));
        });
        return spread;
    }

    private Optional<KeptIndices> layer(String tensor) {
        for (int dot = tensor.lastIndexOf('.'); dot > 0; dot = tensor.lastIndexOf('.', dot - 1)) {
            KeptIndices found = kept.get(tensor.substring(0, dot));
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private NDArray spread(NDArray tensor, Shape target, KeptIndices indices) {
        Shape shape = tensor.getShape();
        if (shape.equals(target) || shape.dimension() != target.dimension() || shape.dimension() > 2) {
            return tensor;
        }
        int[][] positions = new int[shape.dimension()][];
        for (int axis = 0; axis < shape.dimension(); axis++) {
            Optional<int[]> found = positions((int) shape.get(axis), (int) target.get(axis), indices);
            if (found.isEmpty()) {
                return tensor;
            }
            positions[axis] = found.get();
        }
        return place(tensor, target, positions);
    }

    private static Optional<int[]> positions(int size, int target, KeptIndices indices) {
        if (size == target) {
            return Optional.of(KeptIndices.all(size, 1).rows());
        }
        if (target == indices.originalOut() && size == indices.rows().length) {
            return Optional.of(indices.rows());
        }
        if (target == indices.originalIn() && size == indices.columns().length) {
            return Optional.of(indices.columns());
        }
        return Optional.empty();
    }

    private NDArray place(NDArray tensor, Shape target, int[][] positions) {
        float[] values = tensor.toFloatArray();
        float[] whole = new float[Math.toIntExact(target.size())];
        int columns = positions.length == 1 ? 1 : positions[1].length;
        int stride = positions.length == 1 ? 1 : (int) target.get(1);
        for (int row = 0; row < positions[0].length; row++) {
            for (int column = 0; column < columns; column++) {
                int across = positions.length == 1 ? 0 : positions[1][column];
                whole[positions[0][row] * stride + across] = values[row * columns + column];
            }
        }
        return manager.create(whole, target);
    }
}
