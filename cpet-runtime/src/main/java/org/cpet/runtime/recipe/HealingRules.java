package org.cpet.runtime.recipe;

import java.util.Optional;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Problems;
import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;

/** Whether there is something to heal, and something to heal it by. */
final class HealingRules {
    private final ConfigTree tree;
    private final PluginContext context;
    private final Problems problems;

    HealingRules(ConfigTree tree, PluginContext context, Problems problems) {
        this.tree = tree;
        this.context = context;
        this.problems = problems;
    }

    void check(Optional<Healing> healing, LayoutPlan plan) {
        if (healing.isEmpty()) {
            return;
        }
        Optional<LinearSpec> packed = DenseLayers.firstPacked(plan.original());
        packed.ifPresent(layer -> report(
                "healing",
                Message.of("healing trains dense weights")
                        .found(layer.name() + " held as " + layer.storage())
                        .allowed("a model that is not packed")));
        if (packed.isEmpty() && plan.packsAtOnce()) {
            report(
                    "healing",
                    Message.of("healing trains the weights that compression left, before they are packed, and nothing"
                                    + " comes before that")
                            .found(plan.steps().get(0).method() + " as the first compressor")
                            .allowed("pruning or experts before it, or no healing"));
        }
        for (int i = 0; i < healing.get().losses().size(); i++) {
            Configured<DistillationLoss> loss = healing.get().losses().get(i);
            checkLoss(loss.name(), loss.create(context), plan.original(), plan.healed());
        }
    }

    private void checkLoss(String name, DistillationLoss loss, ModelLayout original, ModelLayout healed) {
        boolean logits = loss.needs().contains(OutputKind.LOGITS);
        if (logits && original.task() == ModelTask.SEQ_CLS) {
            report(
                    "healing.losses",
                    Message.of("healing knows no task, so a classifier's logits mean nothing in it")
                            .found(name)
                            .allowed("losses of hidden states, such as last_hidden_mse"));
        }
        if (!logits && original.hiddenSize() != healed.hiddenSize()) {
            report(
                    "healing.losses",
                    Message.of("compression removes hidden channels, so hidden states cannot be compared")
                            .found(name)
                            .allowed("losses of logits, such as logits_kl"));
        }
    }

    private void report(String path, Message message) {
        problems.add(tree.place(path), message);
    }
}
