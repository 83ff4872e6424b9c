package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.tensor.Ops;

/**
 * A place where a linear layer stands: y = op(x') + Σ bypass(x'), x' = input(x). Compressors replace or narrow the op; PET
 * and recovery methods add a bypass beside it or an input path before it. Not thread-safe.
 */
public final class LinearSite {
    private final String name;
    private final LinearRole role;
    private final List<InputPath> inputs = new ArrayList<>();
    private final List<Bypass> bypasses = new ArrayList<>();
    private final List<Consumer<NDArray>> observers = new ArrayList<>();
    private LinearOp op;
    private KeptIndices kept;
    private Optional<LowRankStart> start = Optional.empty();

    public LinearSite(String name, LinearRole role, LinearOp op) {
        this.name = name;
        this.role = role;
        this.op = op;
        this.kept = KeptIndices.all(op.out(), op.in());
    }

    /** Hugging Face's dotted name. */
    public String name() {
        return name;
    }

    /** What the layer does. */
    public LinearRole role() {
        return role;
    }

    /** The layer as it is now. */
    public LinearOp op() {
        return op;
    }

    /** Which rows and columns of the original layer are left. */
    public KeptIndices kept() {
        return kept;
    }

    /** Where a low-rank method may start, if the compressor of this layer left anything. */
    public Optional<LowRankStart> start() {
        return start;
    }

    /** Leaves factors for a low-rank method; a layer that carries them cannot be narrowed. */
    public void leave(LowRankStart factors) {
        start = Optional.of(factors);
    }

    /** The layer as a plan sees it. */
    public LinearSpec spec() {
        return new LinearSpec(
                name, role, op.out(), op.in(), !op.bias().isEmpty(), op.storage(), op.bytes(), op.unpackedBytes());
    }

    /** y [.., out] from x [.., in]. */
    public NDArray forward(NDArray x, ForwardMode mode) {
        NDArray read = read(x, mode);
        return beside(op.apply(read, mode), read, mode);
    }

    /** x' [.., in], what the layer and its side paths read; for whoever computes the layer's own part elsewhere. */
    public NDArray read(NDArray x, ForwardMode mode) {
        NDArray read = x;
        for (InputPath input : inputs) {
            read = input.apply(read, mode);
        }
        NDArray shown = read;
        observers.forEach(observer -> observer.accept(shown));
        return read;
    }

    /** y + Σ bypass(x') for a y [.., out] that may be overwritten. */
    public NDArray beside(NDArray y, NDArray read, ForwardMode mode) {
        NDArray sum = y;
        for (Bypass bypass : bypasses) {
            sum = bypass.addTo(sum, read, mode);
        }
        return sum;
    }

    /** Whether something stands beside the layer. */
    public boolean hasBypass() {
        return !bypasses.isEmpty();
    }

    /** Whether something changes what the layer reads. */
    public boolean hasInput() {
        return !inputs.isEmpty();
    }

    /** Whether y is op(x) and nobody looks at x. */
    public boolean isBare() {
        return bypasses.isEmpty() && inputs.isEmpty() && observers.isEmpty();
    }

    /** x as this layer's input: a joint where side paths read it too, see {@link Ops#joint}. */
    public NDArray shared(Ops ops, NDArray x) {
        return bypasses.isEmpty() ? x : ops.joint(x);
    }

    /** Puts another layer of the same shape here and frees the old one. */
    public void replace(LinearOp newOp) {
        checkShape(newOp.out() == op.out() && newOp.in() == op.in(), newOp);
        swap(newOp);
    }

    /** Narrows the layer to these rows of its present ones. */
    public void keepRows(int[] rows) {
        checkNoBypass();
        kept = kept.rows(rows);
        swap(op.keepRows(rows));
    }

    /** Narrows the layer to these columns of its present ones. */
    public void keepColumns(int[] columns) {
        checkNoBypass();
        kept = kept.columns(columns);
        swap(op.keepColumns(columns));
    }

    /** Puts a layer here that has these of the present columns already, as a head has whose table was narrowed. */
    public void keepColumns(int[] columns, LinearOp narrowed) {
        checkNoBypass();
        kept = kept.columns(columns);
        swap(narrowed);
    }

    /** The paths before the layer, in their order. */
    public List<InputPath> inputs() {
        return List.copyOf(inputs);
    }

    /** The paths beside the layer, in their order. */
    public List<Bypass> bypasses() {
        return List.copyOf(bypasses);
    }

    /** Adds a path beside the layer, after those that are there; one that reads the layer's result goes before the others. */
    public void add(Bypass bypass) {
        long before = bypass.readsResult()
                ? bypasses.stream().filter(Bypass::readsResult).count()
                : bypasses.size();
        bypasses.add((int) before, bypass);
    }

    /** Takes a path away; it must be there. */
    public void remove(Bypass bypass) {
        if (!bypasses.remove(bypass)) {
            throw new IllegalStateException(name + " has no such bypass");
        }
    }

    /** Adds a path before the layer, after those that are there. */
    public void addInput(InputPath input) {
        inputs.add(input);
    }

    /** Takes a path before the layer away; it must be there. */
    public void removeInput(InputPath input) {
        if (!inputs.remove(input)) {
            throw new IllegalStateException(name + " has no such input path");
        }
    }

    /** Shows every input x' to {@code observer} until the result is closed. */
    public Observation observe(Consumer<NDArray> observer) {
        observers.add(observer);
        return () -> observers.remove(observer);
    }

    private void swap(LinearOp newOp) {
        LinearOp old = op;
        op = newOp;
        // an op leaves its bias to its successor; one that the successor does not hold has no owner any more
        old.bias().stream()
                .filter(bias -> newOp.bias().stream().noneMatch(held -> held == bias))
                .forEach(NDArray::close);
        old.close();
    }

    private void checkNoBypass() {
        if (start.isPresent()) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "layer " + name + " carries factors for a low-rank method and cannot be narrowed; allowed pruning"
                            + " before the compressor that leaves them");
        }
        if (!bypasses.isEmpty() || !inputs.isEmpty()) {
            throw new IllegalStateException(name + " carries a bypass or an input path and cannot be narrowed");
        }
    }

    private void checkShape(boolean fits, LinearOp newOp) {
        if (!fits) {
            throw new IllegalArgumentException(
                    name + " is [" + op.out() + ", " + op.in() + "], not [" + newOp.out() + ", " + newOp.in() + "]");
        }
    }

    /** Ends an observation. */
    public interface Observation extends AutoCloseable {
        @Override
        void close();
    }
}
