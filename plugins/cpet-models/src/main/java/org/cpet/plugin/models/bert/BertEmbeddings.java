package org.cpet.plugin.models.bert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.cpet.plugin.models.Dropout;
import org.cpet.plugin.models.LayerNorm;
import org.cpet.plugin.models.ModelSites;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/** LayerNorm(word + position + segment), [batch, tokens, hidden]. */
final class BertEmbeddings {
    private final Ops ops;
    private final BertVariant variant;
    private final int padId;
    private final int longest;
    private final ModelTensor words;
    private final ModelTensor positions;
    private final ModelTensor segments;
    private final LayerNorm norm;
    private final Dropout dropout;

    BertEmbeddings(ModelSites sites, BertConfig config, BertVariant variant) {
        String name = variant.prefix() + "embeddings.";
        this.ops = sites.ops();
        this.variant = variant;
        this.padId = config.padId();
        this.longest = config.positions() - (variant == BertVariant.BERT ? 0 : padId + 1);
        this.words = sites.tensor(name + "word_embeddings.weight");
        this.positions = sites.tensor(name + "position_embeddings.weight");
        this.segments = sites.tensor(name + "token_type_embeddings.weight");
        this.norm = LayerNorm.of(sites, name + "LayerNorm", config.epsilon());
        this.dropout = new Dropout(ops, config.dropout());
    }

    NDArray apply(TokenBatch batch, ForwardMode mode) {
        NDArray ids = batch.inputIds();
        long tokens = ids.getShape().get(1);
        if (tokens > longest) {
            throw new InputException("tokens of a row; found " + tokens + "; allowed at most " + longest);
        }
        NDArray segment = batch.tokenTypeIds()
                .map(types -> ops.embedding(types, segments.value()))
                .orElseGet(() -> segments.value().get(new NDIndex().addSliceDim(0, 1)));
        NDArray sum =
                ops.embedding(ids, words.value()).add(position(ids, tokens)).add(segment);
        return dropout.apply(norm.apply(sum), mode);
    }

    private NDArray position(NDArray ids, long tokens) {
        if (variant == BertVariant.BERT) {
            return positions.value().get(new NDIndex().addSliceDim(0, tokens));
        }
        NDArray real = ids.neq(padId).toType(DataType.INT64, false);
        return ops.embedding(real.cumSum(1).mul(real).add(padId), positions.value());
    }
}
