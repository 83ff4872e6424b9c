package org.cpet.runtime.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TokenBatch;

/**
 * A language model whose next-token logits are a function of the first prompt token and the last token read: large for
 * the one that the script names, else the token's own id divided by ten.
 */
final class ScriptedModel implements GenerativeModel {
    static final int VOCABULARY = 12;
    static final float SURE = 5f;

    private final NDManager manager;
    private final boolean causal;
    private final Map<Long, Map<Long, Long>> script;
    int forwards;
    List<ForwardMode> modes = new ArrayList<>();

    /**
     * A model.
     *
     * @param script by first prompt token, then by last token, the token that follows
     */
    ScriptedModel(NDManager manager, boolean causal, Map<Long, Map<Long, Long>> script) {
        this.manager = manager;
        this.causal = causal;
        this.script = script;
    }

    float[] logits(long prompt, long last) {
        float[] logits = new float[VOCABULARY];
        for (int id = 0; id < VOCABULARY; id++) {
            logits[id] = id / 10f;
        }
        Optional.ofNullable(script.getOrDefault(prompt, Map.of()).get(last))
                .ifPresent(next -> logits[next.intValue()] = SURE);
        return logits;
    }

    /** log softmax of the logits at a token. */
    double logProbability(long prompt, long last, long next) {
        float[] logits = logits(prompt, last);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        return logits[(int) next] - Math.log(sum);
    }

    @Override
    public ModelOutput forward(TokenBatch batch, ForwardMode mode) {
        forwards++;
        modes.add(mode);
        NDArray read = causal ? batch.inputIds() : batch.labels().orElseThrow();
        int rows = (int) read.getShape().get(0);
        int positions = (int) read.getShape().get(1);
        long[] prompts = batch.inputIds().toLongArray();
        long[] tokens = read.toLongArray();
        float[] all = new float[rows * positions * VOCABULARY];
        for (int row = 0; row < rows; row++) {
            long first = prompts[(int) (row * batch.inputIds().getShape().get(1))];
            for (int t = 0; t < positions; t++) {
                // a decoder reads its labels one place later, after a start token 0
                int at = row * positions + t - (causal ? 0 : 1);
                long last = causal || t > 0 ? tokens[at] : 0;
                System.arraycopy(logits(first, last), 0, all, (row * positions + t) * VOCABULARY, VOCABULARY);
            }
        }
        NDArray logits = manager.create(all, new Shape(rows, positions, VOCABULARY));
        return new ModelOutput(Optional.of(logits), causal ? 1 : 0, List.of(logits), List.of(), Optional.empty());
    }

    @Override
    public Decoding decode(TokenBatch prompts, ForwardMode mode) {
        int rows = (int) prompts.inputIds().getShape().get(0);
        int width = (int) prompts.inputIds().getShape().get(1);
        long[] ids = prompts.inputIds().toLongArray();
        long[] mask = prompts.attentionMask().toLongArray();
        long[] first = new long[rows];
        long[] last = new long[rows];
        for (int row = 0; row < rows; row++) {
            int start = row * width;
            while (mask[start] == 0) {
                start++;
            }
            first[row] = ids[start];
            last[row] = causal ? ids[(row + 1) * width - 1] : 0;
        }
        return new Decoding() {
            @Override
            public NDArray logits() {
                float[] all = new float[rows * VOCABULARY];
                for (int row = 0; row < rows; row++) {
                    System.arraycopy(
                            ScriptedModel.this.logits(first[row], last[row]), 0, all, row * VOCABULARY, VOCABULARY);
                }
                return manager.create(all, new Shape(rows, VOCABULARY));
            }

            @Override
            public void append(NDArray tokens) {
                System.arraycopy(tokens.toLongArray(), 0, last, 0, rows);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public ModelConfig config() {
        return new ModelConfig(Path.of("config.json"), Map.of());
    }

    @Override
    public ModelLayout layout() {
        throw new UnsupportedOperationException("a script has no layers");
    }

    @Override
    public List<LinearSite> linears() {
        return List.of();
    }

    @Override
    public List<AttentionSite> attentions() {
        return List.of();
    }

    @Override
    public List<FeedForwardSite> feedForwards() {
        return List.of();
    }

    @Override
    public List<ModelTensor> tensors() {
        return List.of();
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    @Override
    public void close() {}
}
