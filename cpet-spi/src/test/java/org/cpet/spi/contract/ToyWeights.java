package org.cpet.spi.contract;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;

/** Draws the tensors of a toy model from its seed and each tensor's name. */
record ToyWeights(Ops ops, NDManager manager, ToySpec spec) {
    /** Standard deviation of a weight: large enough that every layer matters to the output. */
    static final double DEVIATION = 0.3;

    static ToyTransformer model(Ops ops, NDManager manager, ToySpec spec) {
        ToyWeights weights = new ToyWeights(ops, manager, spec);
        List<ToyLayer> layers =
                IntStream.range(0, ToySpec.LAYERS).mapToObj(weights::layer).toList();
        ModelTensor embeddings = weights.embeddings();
        return new ToyTransformer(ops, spec, weights, embeddings, layers, weights.head(embeddings));
    }

    private LinearSite head(ModelTensor embeddings) {
        if (spec.task() == ModelTask.SEQ_CLS) {
            return linear("classifier", LinearRole.CLASSIFIER, ToySpec.CLASSES, ToySpec.HIDDEN);
        }
        return spec.tied()
                ? new LinearSite("lm_head", LinearRole.HEAD, DenseLinear.tied(ops, embeddings))
                : linear("lm_head", LinearRole.HEAD, ToySpec.VOCABULARY, ToySpec.HIDDEN);
    }

    private ModelTensor embeddings() {
        return normal("toy.embeddings.weight", new Shape(ToySpec.VOCABULARY, ToySpec.HIDDEN), 0, 1);
    }

    List<ModelTensor> norm(String name) {
        Shape shape = new Shape(ToySpec.HIDDEN);
        return List.of(normal(name + ".weight", shape, 1, 0.1), normal(name + ".bias", shape, 0, 0.1));
    }

    private ToyLayer layer(int index) {
        String layer = "toy.layer." + index;
        List<ModelTensor> norms = IntStream.range(0, 2)
                .mapToObj(i -> norm(layer + (i == 0 ? ".attention.norm" : ".ffn.norm")))
                .flatMap(List::stream)
                .toList();
        return new ToyLayer(ops, attention(layer + ".attention"), feedForward(layer + ".ffn"), norms);
    }

    private AttentionSite attention(String name) {
        int keys = ToySpec.GROUPS * ToySpec.HEAD_DIM;
        int queries = keys * spec.queriesPerGroup();
        return new AttentionSite(
                name,
                linear(name + ".query", LinearRole.QUERY, queries, ToySpec.HIDDEN),
                // a bias of the keys shifts all scores of a query alike, so softmax hides it: no gradient, hence no
                // bias
                new LinearSite(
                        name + ".key",
                        LinearRole.KEY,
                        DenseLinear.of(ops, weight(name + ".key", keys, ToySpec.HIDDEN))),
                linear(name + ".value", LinearRole.VALUE, keys, ToySpec.HIDDEN),
                linear(name + ".output", LinearRole.OUTPUT, ToySpec.HIDDEN, queries),
                ToySpec.GROUPS,
                spec.queriesPerGroup(),
                ToySpec.HEAD_DIM);
    }

    private FeedForwardSite feedForward(String name) {
        LinearSite in = linear(name + ".in", LinearRole.FFN_IN, ToySpec.UNITS, ToySpec.HIDDEN);
        List<LinearSite> ins = spec.gated()
                ? List.of(linear(name + ".gate", LinearRole.FFN_GATE, ToySpec.UNITS, ToySpec.HIDDEN), in)
                : List.of(in);
        return new FeedForwardSite(
                name, ins, linear(name + ".out", LinearRole.FFN_OUT, ToySpec.HIDDEN, ToySpec.UNITS), activation());
    }

    private Activation activation() {
        if (spec.rectified()) {
            return Activation.RELU;
        }
        return spec.gated() ? Activation.SILU : Activation.GELU;
    }

    private LinearSite linear(String name, LinearRole role, int out, int in) {
        ModelTensor bias = normal(name + ".bias", new Shape(out), 0, 0.1);
        return new LinearSite(name, role, DenseLinear.of(ops, weight(name, out, in), bias));
    }

    private ModelTensor weight(String name, int out, int in) {
        return normal(name + ".weight", new Shape(out, in), 0, DEVIATION);
    }

    private ModelTensor normal(String name, Shape shape, double mean, double deviation) {
        NDArray drawn = Initializers.normal(manager, shape, deviation, Seeded.random(spec.seed(), name));
        drawn.addi(mean);
        return new ModelTensor(
                name, spec.dataType() == DataType.FLOAT32 ? drawn : drawn.toType(DataType.FLOAT64, true));
    }
}
