package org.cpet.plugin.models.bert;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.plugin.models.Blocks;
import org.cpet.plugin.models.Masks;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.PromptColumns;
import org.cpet.plugin.models.SavedLayers;
import org.cpet.plugin.models.SavedSizes;
import org.cpet.plugin.models.Sight;
import org.cpet.plugin.models.SitedModel;
import org.cpet.plugin.models.Trail;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;

/** Embeddings, layers, head. */
final class BertModel implements SitedModel {
    private final ModelSites sites;
    private final BertVariant variant;
    private final BertEmbeddings embeddings;
    private final Map<String, BertLayer> layers = new LinkedHashMap<>();
    private final BertHead head;

    BertModel(ModelSites sites, BertConfig config, BertVariant variant, ModelTask task) {
        this.sites = sites;
        this.variant = variant;
        this.embeddings = new BertEmbeddings(sites, config, variant);
        for (int i = 0; i < config.layers(); i++) {
            String name = stack() + i;
            layers.put(name, new BertLayer(sites, config, name));
        }
        this.head = new BertHead(sites, config, variant, task);
    }

    @Override
    public ModelSites sites() {
        return sites;
    }

    @Override
    public ModelOutput forward(TokenBatch batch, ForwardMode mode) {
        NDArray ids = batch.inputIds();
        int rows = (int) ids.getShape().get(0);
        PromptColumns prompt = PromptColumns.of(sites.ops(), embedding(), rows);
        PrefixColumns prefix = PrefixColumns.of(sites.ops(), ids.getManager(), attentions(), rows);
        Sight sight = sight(prompt.before(batch), prefix);
        Trail trail = new Trail(mode);
        NDArray hidden = embeddings.apply(batch, prompt, prefix, mode);
        for (BertLayer layer : layers.values()) {
            hidden = Blocks.run(sites.ops(), mode, trail.pass(hidden), h -> layer.apply(h, sight, prefix, mode));
        }
        return head.apply(trail.end(hidden), prompt, mode);
    }

    private static Sight sight(TokenBatch batch, PrefixColumns prefix) {
        NDArray mask = batch.attentionMask();
        int tokens = (int) mask.getShape().get(1);
        Sight ofTokens = Masks.padded(batch) ? Sight.biased(Masks.ofKeys(mask)) : Sight.all();
        return prefix.before(ofTokens, tokens, tokens);
    }

    @Override
    public EmbeddingSite embedding() {
        return embeddings.site();
    }

    @Override
    public void forgetLayersExcept(List<String> kept) {
        layers.keySet().retainAll(kept);
    }

    private String stack() {
        return variant.prefix() + "encoder.layer.";
    }

    @Override
    public Optional<String> savedForm() {
        return new SavedSizes(this).narrowedHeads()
                ? Optional.of("heads are not hidden size / heads wide, which BERT's config.json cannot say without our"
                        + " key attention_head_size")
                : new SavedSizes(this).problem();
    }

    @Override
    public Map<String, Object> savedConfig() {
        Map<String, Object> config = new LinkedHashMap<>(config().values());
        SavedSizes sizes = new SavedSizes(this);
        config.put("num_attention_heads", sizes.groups());
        config.put("intermediate_size", sizes.units());
        sizes.putWidths(config);
        config.put("hidden_size", layout().hiddenSize());
        config.put("num_hidden_layers", SavedLayers.count(layout(), stack()));
        if (sizes.rectified()) {
            config.put("hidden_act", "relu");
        }
        if (sizes.narrowedHeads()) {
            config.put("attention_head_size", attentions().get(0).headDim());
        }
        if (head.labels() > 0) {
            config.put("architectures", List.of(variant.classifierArchitecture()));
            nameLabels(config);
        }
        return config;
    }

    /** Gives every class a name unless the config names as many. */
    private void nameLabels(Map<String, Object> config) {
        int labels = head.labels();
        if (config.get("id2label") instanceof Map<?, ?> named && named.size() == labels) {
            return;
        }
        Map<String, Object> names = new LinkedHashMap<>();
        Map<String, Object> ids = new LinkedHashMap<>();
        for (int label = 0; label < labels; label++) {
            names.put(String.valueOf(label), "LABEL_" + label);
            ids.put("LABEL_" + label, label);
        }
        config.remove("num_labels");
        config.put("id2label", names);
        config.put("label2id", ids);
    }
}
