package org.cpet.plugin.estimation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;
import org.jspecify.annotations.Nullable;

/**
 * How much the side paths between two marks at a layer change its output, token by token: ‖y' − y‖₂ / ‖y‖₂ over the last
 * axis. Keeps what the last pass gave.
 */
final class OutputChange implements AutoCloseable {
    private final Ops ops;
    private final LinearSite site;
    private final NDArray owner;
    private final Mark before = new Mark(true);
    private final Mark after = new Mark(false);
    private @Nullable NDArray output;
    private @Nullable NDArray ratios;

    /** @param owner outlives a training step */
    OutputChange(Ops ops, LinearSite site, NDArray owner) {
        this.ops = ops;
        this.site = site;
        this.owner = owner;
    }

    LinearSite site() {
        return site;
    }

    /** Sets the first mark, behind which the paths to watch are then added. */
    void begin() {
        site.add(before);
    }

    /** Sets the second mark. */
    void end() {
        site.add(after);
    }

    /** The last pass's ratios [.., tokens], which then belong to the caller. */
    Optional<NDArray> take() {
        Optional<NDArray> found = Optional.ofNullable(ratios);
        ratios = null;
        return found;
    }

    @Override
    public void close() {
        site.remove(before);
        site.remove(after);
        take().ifPresent(NDArray::close);
    }

    private NDArray values(NDArray y) {
        // a copy: the paths that follow write over y
        return ops.cast(ops.detach(y), DataType.FLOAT32).add(0f);
    }

    private void compare(NDArray y) {
        NDArray base = output;
        if (base == null) {
            return;
        }
        try (Ops.Scope scope = ops.scope()) {
            take().ifPresent(NDArray::close); // of a pass that was run once more
            ratios = scope.keep(norm(values(y).sub(base)).div(norm(base)), owner);
        }
        output = null;
    }

    private static NDArray norm(NDArray y) {
        return y.square().sum(new int[] {-1}).sqrt();
    }

    /** A path that adds nothing. */
    private final class Mark implements Bypass {
        private final boolean first;

        Mark(boolean first) {
            this.first = first;
        }

        @Override
        public NDArray apply(NDArray x, ForwardMode mode) {
            throw new IllegalStateException("a mark has no output of its own");
        }

        @Override
        public NDArray addTo(NDArray y, NDArray x, ForwardMode mode) {
            ops.withoutGradients(() -> {
                look(y);
                return y;
            });
            return y;
        }

        private void look(NDArray y) {
            if (first) {
                output = values(y);
            } else {
                compare(y);
            }
        }
    }
}
