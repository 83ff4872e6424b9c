package org.cpet.runtime.serve;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.InputPath;

/**
 * Before and beside one layer: each lane's rows pass the lane's own paths, while the layer itself multiplies all rows at
 * once. The first axis of x is the batch.
 */
record RowPaths(String layer, List<Part> parts) implements InputPath, Bypass {
    /** A lane as this layer sees it. */
    record Part(int rows, AdapterParts.Paths paths) {}

    boolean hasInputs() {
        return parts.stream().anyMatch(part -> !part.paths().inputs().isEmpty());
    }

    boolean hasBypasses() {
        return parts.stream().anyMatch(part -> !part.paths().bypasses().isEmpty());
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        List<NDArray> results = new ArrayList<>();
        int from = 0;
        for (Part part : checked(x)) {
            NDArray own = rows(x, from, part.rows());
            for (InputPath input : part.paths().inputs()) {
                own = input.apply(own, mode);
            }
            results.add(own);
            from += part.rows();
        }
        return joined(results);
    }

    /** Rows of results of different widths, which heads of different classes give, are filled with zeros on the right. */
    @Override
    public NDArray addTo(NDArray y, NDArray x, ForwardMode mode) {
        List<NDArray> results = new ArrayList<>();
        int from = 0;
        for (Part part : checked(x)) {
            NDArray read = rows(x, from, part.rows());
            NDArray own = rows(y, from, part.rows());
            for (Bypass bypass : part.paths().bypasses()) {
                own = bypass.addTo(own, read, mode);
            }
            results.add(own);
            from += part.rows();
        }
        return joined(results);
    }

    private List<Part> checked(NDArray x) {
        int rows = parts.stream().mapToInt(Part::rows).sum();
        if (x.getShape().get(0) != rows) {
            throw new CpetException(
                    ExitCode.INPUT,
                    "'" + layer + "' cannot tell rows apart; found an input " + x.getShape() + "; allowed a batch of "
                            + rows + " rows");
        }
        return parts;
    }

    private static NDArray rows(NDArray x, int from, int count) {
        return x.get(new NDIndex().addSliceDim(from, (long) from + count));
    }

    private static NDArray joined(List<NDArray> results) {
        long widest = results.stream().mapToLong(RowPaths::width).max().orElse(0);
        return results.stream()
                .map(result -> width(result) == widest ? result : filled(result, widest))
                .reduce((above, below) -> above.concat(below, 0))
                .orElseThrow();
    }

    private static long width(NDArray x) {
        return x.getShape().get(x.getShape().dimension() - 1);
    }

    private static NDArray filled(NDArray x, long width) {
        long[] shape = x.getShape().getShape().clone();
        shape[shape.length - 1] = width - width(x);
        return x.concat(x.getManager().zeros(new Shape(shape), x.getDataType()), shape.length - 1);
    }
}
