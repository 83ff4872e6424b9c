package org.cpet.plugin.moe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.BlockFormat;
import org.cpet.spi.model.FeedForwardOp;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.PackedForm;
import org.cpet.spi.model.TensorSource;

/** Experts in a model directory: their number, how many a token computes, and the router. */
final class ExpertFormat implements BlockFormat {
    private static final String NAME = "experts";
    private static final String EXPERTS = "experts";
    private static final String CHOSEN = "top_k";
    private static final String ROUTER = "router";
    private static final String MASKS_ALL = "mask_recovery_with_experts";

    /** What a directory states of a block. */
    static PackedForm of(ExpertChoice choice, Router router) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put(EXPERTS, choice.experts());
        settings.put(CHOSEN, choice.chosen());
        settings.put(ROUTER, router.kind().name().toLowerCase(Locale.ROOT));
        settings.put(MASKS_ALL, choice.masksAll());
        return new PackedForm(NAME, settings);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public FeedForwardSpec spec(FeedForwardSpec dense, ModelConfig settings) {
        ExpertChoice choice = choice(settings);
        boolean fits = dense.units() % choice.experts() == 0 && !dense.gated();
        if (!fits || choice.chosen() < 1 || choice.chosen() > choice.experts()) {
            throw settings.problem("FFN " + dense.name() + " with " + dense.units() + " neurons cannot be "
                    + choice.form() + "; allowed a number of experts that divides the neurons, and at most as many"
                    + " chosen");
        }
        return dense.withForm(choice.form());
    }

    @Override
    public List<String> tensors(FeedForwardSpec dense, ModelConfig settings) {
        return kind(settings).tensors(dense.name());
    }

    @Override
    public FeedForwardOp open(
            FeedForwardSite block, ModelConfig settings, TensorSource tensors, PluginContext context) {
        List<String> names = kind(settings).tensors(block.name());
        Router router = kind(settings) == RouterKind.MLP
                ? new MlpRouter(context.ops(), tensors.take(names.get(0)), tensors.take(names.get(1)))
                : new SimilarityRouter(context.ops(), tensors.take(names.get(0)), tensors.take(names.get(1)));
        return new ExpertFeedForward(context.ops(), block, router, choice(settings));
    }

    private static ExpertChoice choice(ModelConfig settings) {
        return new ExpertChoice(settings.integer(EXPERTS), settings.integer(CHOSEN), settings.flag(MASKS_ALL, true));
    }

    private static RouterKind kind(ModelConfig settings) {
        String name = settings.text(ROUTER, "none");
        for (RouterKind kind : RouterKind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                return kind;
            }
        }
        throw settings.problem("'" + ROUTER + "'; found " + name + "; allowed similarity, mlp");
    }
}
