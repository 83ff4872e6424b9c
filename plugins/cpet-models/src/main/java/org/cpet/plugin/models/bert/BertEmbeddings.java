package org.cpet.plugin.models.bert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.stream.IntStream;
import org.cpet.plugin.models.Dropout;
import org.cpet.plugin.models.LayerNorm;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.PromptColumns;
import org.cpet.spi.InputException;
import org.cpet.spi.model.EmbeddingSite;
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
    private final EmbeddingSite site;
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
        this.site = new EmbeddingSite(name + "word_embeddings", words);
        this.positions = sites.tensor(name + "position_embeddings.weight");
        this.segments = sites.tensor(name + "token_type_embeddings.weight");
        this.norm = LayerNorm.of(sites, name + "LayerNorm", config.epsilon());
        this.dropout = new Dropout(ops, config.dropout());
    }

    /** Where word embeddings come in. */
    EmbeddingSite site() {
        return site;
    }

    /** [batch, columns of the prompt + tokens, hidden]. */
    NDArray apply(TokenBatch batch, PromptColumns prompt, PrefixColumns prefix, ForwardMode mode) {
        NDArray ids = batch.inputIds();
        long tokens = prompt.count() + ids.getShape().get(1);
        requireRoom(ids.getShape().get(1), virtual(prompt, prefix));
        NDArray sum = prompt.before(ops.embedding(ids, words.value()))
                .add(position(ids, tokens, prompt, prefix))
                .add(segment(batch, prompt));
        return dropout.apply(norm.apply(sum), mode);
    }

    /** The most virtual tokens of a row. */
    private static int virtual(PromptColumns prompt, PrefixColumns prefix) {
        int[] prompts = prompt.lengths();
        int[] prefixes = prefix.lengths();
        return IntStream.range(0, prompts.length)
                .map(row -> prompts[row] + prefixes[row])
                .max()
                .orElse(0);
    }

    private void requireRoom(long tokens, int virtual) {
        if (tokens + virtual > longest) {
            String beside = virtual == 0 ? "" : " and " + virtual + " virtual ones";
            throw new InputException("tokens of a row; found " + tokens + beside + "; allowed at most " + longest);
        }
    }

    /** Virtual tokens belong to segment 0. */
    private NDArray segment(TokenBatch batch, PromptColumns prompt) {
        if (batch.tokenTypeIds().isEmpty()) {
            return segments.value().get(new NDIndex().addSliceDim(0, 1));
        }
        return ops.embedding(prompt.around(batch.tokenTypeIds().get(), 0), segments.value());
    }

    private NDArray position(NDArray ids, long tokens, PromptColumns prompt, PrefixColumns prefix) {
        boolean plain = prompt.count() == 0 && prefix.count() == 0;
        if (plain && variant == BertVariant.BERT) {
            return positions.value().get(new NDIndex().addSliceDim(0, tokens));
        }
        return ops.embedding(new BertPositions(variant, padId).of(ids, prompt, prefix), positions.value());
    }
}
