package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.models.Dropout;
import org.cpet.plugin.models.Masks;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.RmsNorm;
import org.cpet.plugin.models.Trail;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/** The encoder or the decoder: embedding, blocks, final norm. */
final class T5Stack {
    private final Ops ops;
    private final boolean decoder;
    private final RelativeBuckets buckets;
    private final ModelTensor embedding;
    private final Dropout dropout;
    private final List<T5Block> blocks = new ArrayList<>();
    private final RmsNorm norm;

    T5Stack(ModelSites sites, T5Config config, boolean decoder) {
        this.ops = sites.ops();
        this.decoder = decoder;
        this.buckets = new RelativeBuckets(!decoder, config.buckets(), config.farthest());
        this.embedding = sites.tensor(T5Layout.EMBEDDING);
        this.dropout = new Dropout(ops, config.dropout());
        for (int i = 0; i < (decoder ? config.decoderLayers() : config.encoderLayers()); i++) {
            blocks.add(new T5Block(sites, config, decoder, i));
        }
        this.norm = RmsNorm.of(sites, (decoder ? "decoder" : "encoder") + ".final_layer_norm", config.epsilon());
    }

    List<T5Block> blocks() {
        return blocks;
    }

    void forgetBlocksExcept(List<String> kept) {
        blocks.removeIf(block -> !kept.contains(block.name()));
    }

    /** The prefixes of self-attention. */
    PrefixColumns prefix(NDManager manager, int rows) {
        return PrefixColumns.of(
                ops, manager, blocks.stream().map(block -> block.self().site()).toList(), rows);
    }

    /** The prefixes of cross-attention. */
    PrefixColumns crossPrefix(NDManager manager, int rows) {
        return PrefixColumns.of(
                ops,
                manager,
                blocks.stream()
                        .flatMap(block -> block.cross().stream())
                        .map(T5Attention::site)
                        .toList(),
                rows);
    }

    /** Biases for {@code queries} positions that end at the last of {@code keys}; {@code mask} hides keys. */
    PositionBias positions(NDManager manager, int queries, int keys, Optional<NDArray> mask) {
        boolean future = decoder && queries > 1;
        Optional<NDArray> causal = future ? Optional.of(Masks.causal(manager, queries, keys)) : Optional.empty();
        Optional<NDArray> hidden =
                causal.map(bias -> mask.map(bias::minimum).orElse(bias)).or(() -> mask);
        return new PositionBias(ops, manager, buckets.of(queries, keys), new Shape(queries, keys), hidden);
    }

    /** Embeddings [batch, tokens, hidden] of ids. */
    NDArray embed(NDArray ids) {
        return ops.embedding(ids, embedding.value());
    }

    /** Hidden states [batch, tokens, hidden] of embedded tokens; the last one normalised and, while training, dropped out. */
    List<NDArray> run(NDArray embedded, T5Context context, ForwardMode mode) {
        Trail trail = new Trail(mode);
        NDArray hidden = dropout.apply(embedded, mode);
        for (int i = 0; i < blocks.size(); i++) {
            hidden = block(i, trail.pass(hidden), context, mode);
        }
        return trail.end(dropout.apply(norm.apply(hidden), mode));
    }

    /** A lean training pass keeps only what the block reads: h, and the encoder's hidden states in a decoder. */
    private NDArray block(int index, NDArray hidden, T5Context context, ForwardMode mode) {
        T5Block block = blocks.get(index);
        if (!mode.training() || !mode.lean()) {
            return block.apply(hidden, context, index, mode);
        }
        List<NDArray> inputs = new ArrayList<>(List.of(hidden));
        context.encoded().ifPresent(inputs::add);
        return ops.recomputed(inputs, given -> {
            T5Context own = given.size() == 1 ? context : context.withEncoded(given.get(1));
            return block.apply(given.get(0), own, index, mode);
        });
    }
}
