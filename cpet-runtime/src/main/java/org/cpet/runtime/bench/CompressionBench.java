package org.cpet.runtime.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Ops;

/**
 * How much faster compressed parts are than the dense ones beside them in the same process: a whole forward pass with half
 * the heads and neurons, the linear layers of the blocks in int8, and FFN blocks of which a fifth of the experts is
 * computed, by the size of an expert. Parts of a decoder beside an encoder count in the whole pass alone.
 */
public final class CompressionBench {
    private static final int[] NEURONS_OF_AN_EXPERT = {32, 64, 128, 256};

    private final BenchRequest request;
    private final EngineSession session;
    private final Ops ops;
    private final BenchModels models;
    private final InTurns turns;

    public CompressionBench(BenchRequest request, PluginCatalog catalog, EngineSession session, PluginContext context) {
        this.request = request;
        this.session = session;
        this.ops = session.ops();
        this.models = new BenchModels(request, catalog, session, context);
        this.turns = new InTurns(ops, request.common());
    }

    /** The facts by what was measured, ready for JSON. */
    public Map<String, Object> run() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("workload", request.workload());
        facts.put("tokens", request.shape().batch() * request.shape().seq());
        facts.put("threads", request.common().threads());
        try (TransformerModel dense = models.dense(request.shape(), request.type())) {
            facts.put("structured_pruning by half, forward pass", halved(dense));
            facts.put("int8, linear layers of the blocks", int8(dense));
            boolean experts = dense.feedForwards().stream()
                    .allMatch(block -> block.ins().size() == 1 && block.activation() == Activation.RELU);
            for (int neurons : NEURONS_OF_AN_EXPERT) {
                if (experts && request.shape().ffn() / neurons >= 2) {
                    facts.put("moefication at 0.2, experts of " + neurons + ", FFN", experts(dense, neurons));
                }
            }
        }
        return facts;
    }

    private Map<String, Object> halved(TransformerModel dense) {
        try (TransformerModel half = models.dense(request.shape().half(), request.type())) {
            WorkloadRows rows = new WorkloadRows(
                    request.shape(),
                    request.common().batches(),
                    request.common().seed(),
                    session.manager());
            return turns.measure(() -> forward(dense, rows), () -> forward(half, rows));
        }
    }

    private static void forward(TransformerModel model, WorkloadRows rows) {
        model.forward(rows.collate(rows.rows(0, 0)).tokens(), ForwardMode.DEPLOYED)
                .requireLogits();
    }

    private Map<String, Object> int8(TransformerModel dense) {
        try (TransformerModel packed = models.dense(request.shape(), request.type())) {
            models.quantizeBlocks(packed);
            Map<Integer, NDArray> inputs = new LinkedHashMap<>();
            linears(dense).forEach(site -> inputs.computeIfAbsent(site.op().in(), this::input));
            Map<String, Object> facts =
                    turns.measure(() -> apply(linears(dense), inputs), () -> apply(linears(packed), inputs));
            inputs.values().forEach(NDArray::close);
            return facts;
        }
    }

    private static void apply(List<LinearSite> sites, Map<Integer, NDArray> inputs) {
        for (LinearSite site : sites) {
            NDArray x = inputs.getOrDefault(site.op().in(), site.op().weight());
            site.op().apply(x, ForwardMode.DEPLOYED).close();
        }
    }

    private Map<String, Object> experts(TransformerModel dense, int neurons) {
        try (TransformerModel split = models.dense(request.shape(), request.type());
                NDArray x = input(request.shape().hidden())) {
            models.split(split, request.shape().ffn() / neurons);
            return turns.measure(() -> apply(blocks(dense), x), () -> apply(blocks(split), x));
        }
    }

    private void apply(List<FeedForwardSite> blocks, NDArray x) {
        blocks.forEach(block ->
                block.forward(ops, x, units -> units, ForwardMode.DEPLOYED).close());
    }

    private NDArray input(int width) {
        return ops.cast(
                session.manager()
                        .randomNormal(new Shape(
                                request.shape().batch(), request.shape().seq(), width)),
                request.type());
    }

    private static List<LinearSite> linears(TransformerModel model) {
        return model.linears().stream()
                .filter(site -> site.role().inBlock() && !model.readsDecoder(site))
                .toList();
    }

    private static List<FeedForwardSite> blocks(TransformerModel model) {
        return model.feedForwards().stream()
                .filter(block -> !model.readsDecoder(block.out()))
                .toList();
    }
}
