package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.tensor.Ops;

/** Which keys the queries of an attention may look at, and with which bias. */
public sealed interface Sight {
    /** Every query sees every key. */
    static Sight all() {
        return new Everything();
    }

    /** Query i sees keys up to i. */
    static Sight causal() {
        return new Past();
    }

    /** Every key, with a bias that broadcasts to [batch, heads, queries, keys]. */
    static Sight biased(NDArray bias) {
        return new Biased(bias);
    }

    /** The bias that says the same, [.., .., .., keys]; absent where nothing is hidden. */
    Optional<NDArray> bias(NDManager manager, int queries, int keys);

    /** softmax(scale · Q Kᵀ + bias) V, [batch, heads, queries, d]. */
    NDArray attend(Ops ops, NDArray q, NDArray k, NDArray v, double scale);

    /** The same with weights dropped out at a rate. */
    default NDArray attend(Ops ops, NDArray q, NDArray k, NDArray v, double scale, double rate) {
        if (rate == 0) {
            return attend(ops, q, k, v, scale);
        }
        int queries = (int) q.getShape().get(2);
        int keys = (int) k.getShape().get(2);
        List<NDArray> bias = bias(q.getManager(), queries, keys).stream().toList();
        return ops.droppedAttention(q, k, v, bias, scale, rate);
    }

    /** Without a bias. */
    record Everything() implements Sight {
        @Override
        public Optional<NDArray> bias(NDManager manager, int queries, int keys) {
            return Optional.empty();
        }

        @Override
        public NDArray attend(Ops ops, NDArray q, NDArray k, NDArray v, double scale) {
            return ops.attention(q, k, v, scale);
        }
    }

    /** Without a bias, the future hidden by the kernel. */
    record Past() implements Sight {
        @Override
        public Optional<NDArray> bias(NDManager manager, int queries, int keys) {
            return Optional.of(Masks.causal(manager, queries, keys).reshape(1, 1, queries, keys));
        }

        @Override
        public NDArray attend(Ops ops, NDArray q, NDArray k, NDArray v, double scale) {
            return ops.causalAttention(q, k, v, scale);
        }
    }

    /** With a bias. */
    record Biased(NDArray given) implements Sight {
        @Override
        public Optional<NDArray> bias(NDManager manager, int queries, int keys) {
            return Optional.of(given);
        }

        @Override
        public NDArray attend(Ops ops, NDArray q, NDArray k, NDArray v, double scale) {
            return ops.attention(q, k, v, given, scale);
        }
    }
}
