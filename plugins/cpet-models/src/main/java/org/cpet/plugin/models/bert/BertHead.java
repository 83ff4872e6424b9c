package org.cpet.plugin.models.bert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.models.Dropout;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.PromptColumns;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Ops;

/** What follows position 0 of the last hidden states: tanh(dense) as the pooled vector, and the classifier. */
final class BertHead {
    private final Ops ops;
    private final boolean pools;
    private final LinearSite dense;
    private final Optional<LinearSite> classifier;
    private final Dropout before;
    private final Dropout dropout;

    BertHead(ModelSites sites, BertConfig config, BertVariant variant, ModelTask task) {
        boolean classifies = task == ModelTask.SEQ_CLS;
        this.ops = sites.ops();
        this.pools = !classifies || variant == BertVariant.BERT;
        this.dense = sites.linear(pools ? variant.prefix() + BertLayout.POOLER : BertLayout.ROBERTA_DENSE);
        String out = pools ? BertLayout.BERT_CLASSIFIER : BertLayout.ROBERTA_OUT;
        this.classifier = classifies ? Optional.of(sites.linear(out)) : Optional.empty();
        this.dropout = new Dropout(ops, config.classifierDropout());
        this.before = pools ? new Dropout(ops, 0) : dropout;
    }

    /** Number of classes; 0 without a classifier. */
    int labels() {
        return classifier.map(site -> site.op().out()).orElse(0);
    }

    /** Reads the first position of each row, which is a virtual one where there is a prompt. */
    ModelOutput apply(List<NDArray> hidden, PromptColumns prompt, ForwardMode mode) {
        NDArray last = hidden.get(hidden.size() - 1);
        NDArray first = last.get(new NDIndex().addAllDim().addIndices(0));
        NDArray pooled = ops.activation(dense.forward(before.apply(first, mode), mode), Activation.TANH);
        Optional<NDArray> logits = classifier.map(site -> site.forward(dropout.apply(pooled, mode), mode));
        return new ModelOutput(
                logits, 0, prompt.behind(hidden), List.of(), pools ? Optional.of(pooled) : Optional.empty());
    }
}
