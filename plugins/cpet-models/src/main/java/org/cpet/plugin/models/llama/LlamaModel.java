package org.cpet.plugin.models.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.cpet.plugin.models.Blocks;
import org.cpet.plugin.models.CachedDecoding;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.Masks;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.PromptColumns;
import org.cpet.plugin.models.RmsNorm;
import org.cpet.plugin.models.SavedSizes;
import org.cpet.plugin.models.Sight;
import org.cpet.plugin.models.SitedModel;
import org.cpet.plugin.models.Trail;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/** Embedding, layers, norm, head. Positions are 0, 1, 2, ... over the whole padded row. */
final class LlamaModel implements SitedModel, GenerativeModel {
    private final ModelSites sites;
    private final Ops ops;
    private final EmbeddingSite embeddings;
    private final Rotary rotary;
    private final Map<String, LlamaLayer> layers = new LinkedHashMap<>();
    private final RmsNorm norm;
    private final LinearSite head;

    LlamaModel(ModelSites sites, LlamaConfig config) {
        this.sites = sites;
        this.ops = sites.ops();
        this.embeddings = new EmbeddingSite("model.embed_tokens", sites.tensor(LlamaLayout.EMBEDDING));
        this.rotary = new Rotary(ops, sites.source().manager(), config.rotary(), config.headDim());
        for (int i = 0; i < config.layers(); i++) {
            layers.put(LlamaLayout.layer(i), new LlamaLayer(sites, config, LlamaLayout.layer(i)));
        }
        this.norm = RmsNorm.of(sites, LlamaLayout.NORM, config.epsilon());
        this.head = sites.linear(LlamaLayout.HEAD);
    }

    @Override
    public ModelSites sites() {
        return sites;
    }

    @Override
    public EmbeddingSite embedding() {
        return embeddings;
    }

    @Override
    public ModelOutput forward(TokenBatch batch, ForwardMode mode) {
        NDArray ids = batch.inputIds();
        PromptColumns prompt = prompt(ids);
        PrefixColumns prefix = prefix(ids, new int[(int) ids.getShape().get(0)]);
        TokenBatch seen = prompt.before(batch);
        int tokens = (int) seen.attentionMask().getShape().get(1);
        Sight sight = Masks.paddedBeforeText(seen) ? hiding(seen.attentionMask()) : Sight.causal();
        LlamaPass pass = new LlamaPass(prefix.count(), prefix.before(sight, tokens, tokens), prefix, List.of());
        List<NDArray> hidden = prompt.behind(run(prompt.before(embed(ids)), pass, mode));
        NDArray logits = head.forward(hidden.get(hidden.size() - 1), mode);
        return new ModelOutput(Optional.of(logits), 1, hidden, List.of(), Optional.empty());
    }

    /** Embeddings [batch, tokens, hidden]. */
    NDArray embed(NDArray ids) {
        return ops.embedding(ids, embeddings.table().value());
    }

    /** What stands before the embeddings of {@code ids}. */
    PromptColumns prompt(NDArray ids) {
        return PromptColumns.of(ops, embeddings, (int) ids.getShape().get(0));
    }

    /**
     * What stands before the keys of {@code ids}. Its keys are not rotated, that is, they stand at position 0 of a row; rows
     * with fewer virtual tokens or with padding begin later, and their keys are turned as far.
     *
     * @param padding of each row, before its text, that does not count as a position
     */
    PrefixColumns prefix(NDArray ids, int[] padding) {
        PrefixColumns prefix = PrefixColumns.of(ops, ids.getManager(), attentions(), padding.length);
        int[] lengths = prefix.lengths();
        long[] begins = new long[padding.length];
        for (int row = 0; row < begins.length; row++) {
            begins[row] = padding[row] + (long) prefix.count() - lengths[row];
        }
        boolean turns = LongStream.of(begins).anyMatch(begin -> begin > 0);
        return turns ? prefix.turned(keys -> rotary.turn(keys, begins)) : prefix;
    }

    /** Hidden states [batch, tokens, hidden] of embedded tokens. */
    List<NDArray> run(NDArray embedded, LlamaPass pass, ForwardMode mode) {
        Trail trail = new Trail(mode);
        Rotary.Turn turn = rotary.at(pass.first(), (int) embedded.getShape().get(1));
        NDArray hidden = embedded;
        Iterator<KeyValues> ofLayers = pass.past().iterator();
        for (LlamaLayer layer : layers.values()) {
            Optional<KeyValues> own = pass.past().isEmpty() ? Optional.empty() : Optional.of(ofLayers.next());
            hidden = Blocks.run(ops, mode, trail.pass(hidden), h -> layer.apply(h, turn, pass, own, mode));
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
    public void forgetLayersExcept(List<String> kept) {
        layers.keySet().retainAll(kept);
    }

    @Override
    public Optional<String> savedForm() {
        return new SavedSizes(this).problem();
    }

    @Override
    public Map<String, Object> savedConfig() {
        Map<String, Object> config = new LinkedHashMap<>(config().values());
        SavedSizes sizes = new SavedSizes(this);
        config.put("num_attention_heads", sizes.heads());
        config.put("num_key_value_heads", sizes.groups());
        config.put("head_dim", attentions().get(0).headDim());
        config.put("intermediate_size", sizes.units());
        config.put("hidden_size", layout().hiddenSize());
        config.put("num_hidden_layers", layers.size());
        sizes.putWidths(config);
        return config;
    }
}
