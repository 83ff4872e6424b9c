package org.cpet.plugin.models.bert;

import java.util.List;
import java.util.OptionalInt;
import org.cpet.plugin.models.ConfigChecks;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.SavedWidths;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TransformerModel;

/** BERT or RoBERTa. */
final class BertFamily implements ModelFamily {
    private static final List<ModelTask> TASKS = List.of(ModelTask.SEQ_CLS, ModelTask.ENCODER);

    private final BertVariant variant;

    BertFamily(BertVariant variant) {
        this.variant = variant;
    }

    @Override
    public List<String> modelTypes() {
        return List.of(variant.modelType());
    }

    @Override
    public boolean recognizes(ModelConfig config) {
        return modelTypes().contains(config.text("model_type", ""));
    }

    @Override
    public ModelTask nativeTask(ModelConfig config) {
        boolean classifies = config.values().get("architectures") instanceof List<?> names
                && names.contains(variant.classifierArchitecture());
        return classifies ? ModelTask.SEQ_CLS : ModelTask.ENCODER;
    }

    @Override
    public ModelLayout layout(ModelConfig config, ModelRequest request) {
        ModelTask task = ConfigChecks.task(config, request, TASKS);
        return SavedWidths.apply(config, BertLayout.of(BertConfig.read(config, request, variant), variant, task));
    }

    /** RoBERTa counts positions from the one behind {@code pad_token_id}. */
    @Override
    public OptionalInt longestRow(ModelConfig config) {
        BertConfig sizes = BertConfig.read(config, new ModelRequest(ModelTask.ENCODER, 0), variant);
        int first = variant == BertVariant.ROBERTA ? sizes.padId() + 1 : 0;
        return OptionalInt.of(sizes.positions() - first);
    }

    @Override
    public TransformerModel build(
            ModelConfig config, ModelRequest request, TensorSource tensors, PluginContext context) {
        BertConfig sizes = BertConfig.read(config, request, variant);
        ModelLayout layout = layout(config, request);
        ModelSites sites = ModelSites.of(config, layout, tensors, context.ops());
        return new BertModel(sites, sizes, variant, request.task());
    }
}
