package org.cpet.plugin.models.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.plugin.models.Blocks;
import org.cpet.plugin.models.CachedDecoding;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.Masks;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.RmsNorm;
import org.cpet.plugin.models.SavedSizes;
import org.cpet.plugin.models.Sight;
import org.cpet.plugin.models.SitedModel;
import org.cpet.plugin.models.Trail;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/** Embedding, layers, norm, head. Positions are 0, 1, 2, ... over the whole padded row. */
final class LlamaModel implements SitedModel, GenerativeModel {
    private final ModelSites sites;
    private final Ops ops;
    private final ModelTensor embedding;
    private final Rotary rotary;
    private final List<LlamaLayer> layers = new ArrayList<>();
    private final RmsNorm norm;
    private final LinearSite head;

    LlamaModel(ModelSites sites, LlamaConfig config) {
        this.sites = sites;
        this.ops = sites.ops();
        this.embedding = sites.tensor(LlamaLayout.EMBEDDING);
        this.rotary = new Rotary(ops, sites.source().manager(), config.rotary(), config.headDim());
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new LlamaLayer(sites, config, LlamaLayout.layer(i)));
        }
        this.norm = RmsNorm.of(sites, LlamaLayout.NORM, config.epsilon());
        this.head = sites.linear(LlamaLayout.HEAD);
    }

    @Override
    public ModelSites sites() {
        return sites;
    }

    @Override
    public ModelOutput forward(TokenBatch batch, ForwardMode mode) {
        Sight sight = Masks.paddedBeforeText(batch) ? hiding(batch.attentionMask()) : Sight.CAUSAL;
        List<NDArray> hidden = run(batch.inputIds(), 0, sight, List.of(), mode);
        NDArray logits = head.forward(hidden.get(hidden.size() - 1), mode);
        return new ModelOutput(Optional.of(logits), 1, hidden, List.of(), Optional.empty());
    }

    /**
     * Hidden states [batch, tokens, hidden] of ids that follow {@code first} earlier positions.
     *
     * @param past keys and values of each layer, or none
     */
    List<NDArray> run(NDArray ids, int first, Sight sight, List<KeyValues> past, ForwardMode mode) {
        Trail trail = new Trail(mode);
        Rotary.Turn turn = rotary.at(first, (int) ids.getShape().get(1));
        NDArray hidden = ops.embedding(ids, embedding.value());
        for (int i = 0; i < layers.size(); i++) {
            Optional<KeyValues> own = past.isEmpty() ? Optional.empty() : Optional.of(past.get(i));
            LlamaLayer layer = layers.get(i);
            hidden = Blocks.run(ops, mode, trail.pass(hidden), h -> layer.apply(h, turn, sight, own, mode));
        }
        return trail.end(norm.apply(hidden));
    }

    /** Hides the future and the padding, [batch, 1, tokens, tokens]. */
    static Sight hiding(NDArray mask) {
        int tokens = (int) mask.getShape().get(1);
        NDManager manager = mask.getManager();
        return Sight.biased(Masks.ofKeys(mask).minimum(Masks.causal(manager, tokens, tokens)));
    }

    LinearSite head() {
        return head;
    }

    int layerCount() {
        return layers.size();
    }

    @Override
    public Decoding decode(TokenBatch prompts, ForwardMode mode) {
        LeftPadded padded = LeftPadded.of(prompts);
        return CachedDecoding.start(ops, manager(), memory -> new LlamaStep(this, memory, padded, mode), padded.ids());
    }

    @Override
    public Map<String, Object> savedConfig() {
        Map<String, Object> config = new LinkedHashMap<>(config().values());
        SavedSizes sizes = new SavedSizes(this);
        config.put("num_attention_heads", sizes.heads());
        config.put("num_key_value_heads", sizes.groups());
        config.put("head_dim", attentions().get(0).headDim());
        config.put("intermediate_size", sizes.units());
        return config;
    }
}
