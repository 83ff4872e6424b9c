package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** One pass over a batch of tensors: {@code logits}, {@code loss}, {@code hidden.N}, {@code pooled} by name. */
public final class ForwardPass {
    private final Ops ops;
    private final TaskLoss task;

    public ForwardPass(Ops ops, TaskLoss task) {
        this.ops = ops;
        this.task = task;
    }

    /** The outputs as float32; they belong to the model's manager. */
    public Map<String, NDArray> run(TransformerModel model, TokenBatch batch, boolean hiddenStates) {
        ForwardMode mode = hiddenStates ? ForwardMode.EXACT.withHiddenStates() : ForwardMode.EXACT;
        Map<String, NDArray> outputs = new LinkedHashMap<>();
        NDArray owner = model.tensors().get(0).value();
        try (Ops.Scope scope = ops.scope()) {
            ModelOutput output = model.forward(batch, mode);
            collect(model, output, batch, hiddenStates)
                    .forEach((name, value) -> outputs.put(name, scope.keep(value, owner)));
        }
        return outputs;
    }

    private Map<String, NDArray> collect(
            TransformerModel model, ModelOutput output, TokenBatch batch, boolean hiddenStates) {
        Map<String, NDArray> found = new LinkedHashMap<>();
        output.logits().ifPresent(logits -> found.put("logits", logits));
        if (output.logits().isPresent() && counts(batch, output.labelShift())) {
            found.put("loss", task.loss(output, batch));
        }
        boolean headless = output.logits().isEmpty();
        if (headless) {
            output.pooled().ifPresent(pooled -> found.put("pooled", pooled));
        }
        if (headless && !hiddenStates) {
            found.put("hidden." + model.attentions().size(), output.lastHidden());
        } else if (hiddenStates) {
            boolean twoStacks = !output.decoderHiddenStates().isEmpty();
            number(found, twoStacks ? "encoder_hidden." : "hidden.", output.hiddenStates());
            number(found, "decoder_hidden.", output.decoderHiddenStates());
        }
        return found;
    }

    /** Whether the labels, moved as the model predicts them, hold one that counts. */
    static boolean counts(TokenBatch batch, int shift) {
        return batch.labels()
                .map(labels -> shift == 0 ? labels : shifted(labels, shift))
                .filter(labels -> labels.size() > 0)
                .map(labels -> labels.neq(TokenBatch.IGNORED).any().getBoolean())
                .orElse(false);
    }

    private static NDArray shifted(NDArray labels, int shift) {
        return labels.get(":," + shift + ":");
    }

    private static void number(Map<String, NDArray> found, String prefix, List<NDArray> states) {
        for (int i = 0; i < states.size(); i++) {
            found.put(prefix + i, states.get(i));
        }
    }
}
