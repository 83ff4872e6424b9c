package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.plugin.models.CachedDecoding;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.Masks;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.PromptColumns;
import org.cpet.plugin.models.Sight;
import org.cpet.plugin.models.SitedModel;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TokenBatch;

/** Encoder, decoder, head. The decoder is causal; its padding is not masked. */
final class T5Model implements SitedModel, GenerativeModel {
    private final ModelSites sites;
    private final T5Stack encoder;
    private final T5Stack decoder;
    private final EmbeddingSite embeddings;
    private final LinearSite head;
    private final boolean scaled;
    private final DecoderInput decoderInput;

    T5Model(ModelSites sites, T5Config config) {
        this.sites = sites;
        this.encoder = new T5Stack(sites, config, false);
        this.decoder = new T5Stack(sites, config, true);
        this.embeddings = new EmbeddingSite("shared", sites.tensor(T5Layout.EMBEDDING));
        this.head = sites.linear(T5Layout.HEAD);
        this.scaled = config.scaled();
        this.decoderInput = new DecoderInput(config.startId(), config.padId());
    }

    @Override
    public ModelSites sites() {
        return sites;
    }

    /** Keys and values of cross-attention read the encoder. */
    @Override
    public boolean readsDecoder(LinearSite site) {
        boolean ofEncoder = site.role() == LinearRole.KEY || site.role() == LinearRole.VALUE;
        return !site.name().startsWith("encoder.") && !(ofEncoder && site.name().contains(T5Layout.CROSS));
    }

    @Override
    public EmbeddingSite embedding() {
        return embeddings;
    }

    @Override
    public ModelOutput forward(TokenBatch batch, ForwardMode mode) {
        PromptColumns prompt = prompt(batch);
        TokenBatch seen = prompt.before(batch);
        List<NDArray> encoded = encode(seen, prompt, mode);
        NDArray states = sites.ops().joint(encoded.get(encoded.size() - 1));
        NDArray ids = decoderInput.of(batch);
        T5Context context = decoding(ids, 0, encoderOf(ids, Optional.of(states), mask(seen), List.of()), List.of());
        List<NDArray> decoded = decoder.run(decoder.embed(ids), context, mode);
        NDArray logits = logits(decoded.get(decoded.size() - 1), mode);
        return new ModelOutput(Optional.of(logits), 0, prompt.behind(encoded), decoded, Optional.empty());
    }

    /** What stands before the encoder's tokens. */
    PromptColumns prompt(TokenBatch batch) {
        return PromptColumns.of(
                sites.ops(), embeddings, (int) batch.inputIds().getShape().get(0));
    }

    /** Hides encoder padding, [batch, 1, 1, tokens]; absent where there is none. */
    static Optional<NDArray> mask(TokenBatch batch) {
        return Masks.padded(batch) ? Optional.of(Masks.ofKeys(batch.attentionMask())) : Optional.empty();
    }

    /** @param batch with the mask that includes the prompt */
    List<NDArray> encode(TokenBatch batch, PromptColumns prompt, ForwardMode mode) {
        NDArray embedded = prompt.before(encoder.embed(batch.inputIds()));
        NDManager manager = batch.inputIds().getManager();
        int tokens = (int) embedded.getShape().get(1);
        PrefixColumns prefix = encoder.prefix(manager, (int) embedded.getShape().get(0));
        PositionBias positions =
                encoder.positions(manager, tokens, prefix.count() + tokens, prefix.before(mask(batch), tokens));
        return encoder.run(embedded, new T5Context(positions, prefix, Optional.empty(), List.of()), mode);
    }

    /**
     * What cross-attention looks at.
     *
     * @param states absent where the caches hold what they become
     * @param mask hides the encoder's padding
     */
    T5Context.Encoder encoderOf(NDArray ids, Optional<NDArray> states, Optional<NDArray> mask, List<KeyValues> caches) {
        PrefixColumns prefix =
                decoder.crossPrefix(ids.getManager(), (int) ids.getShape().get(0));
        int keys = states.map(found -> (int) found.getShape().get(1))
                .orElseGet(() -> caches.get(0).length() - prefix.count());
        Sight sight = prefix.before(mask, keys).map(Sight::biased).orElse(Sight.all());
        return new T5Context.Encoder(states, sight, prefix, caches);
    }

    /**
     * What the decoder's blocks share in a pass over {@code ids}.
     *
     * @param held positions in the caches, those of the prefix included
     */
    T5Context decoding(NDArray ids, int held, T5Context.Encoder seen, List<KeyValues> caches) {
        NDManager manager = ids.getManager();
        PrefixColumns prefix = decoder.prefix(manager, (int) ids.getShape().get(0));
        int queries = (int) ids.getShape().get(1);
        int keys = queries + Math.max(held, prefix.count());
        Optional<NDArray> hidden = prefix.before(Optional.empty(), keys - prefix.count());
        return new T5Context(decoder.positions(manager, queries, keys, hidden), prefix, Optional.of(seen), caches);
    }

    NDArray logits(NDArray hidden, ForwardMode mode) {
        double width = hidden.getShape().get(hidden.getShape().dimension() - 1);
        return head.forward(scaled ? sites.ops().scale(hidden, 1 / Math.sqrt(width)) : hidden, mode);
    }

    T5Stack encoder() {
        return encoder;
    }

    T5Stack decoder() {
        return decoder;
    }

    @Override
    public Decoding decode(TokenBatch prompts, ForwardMode mode) {
        return CachedDecoding.start(
                sites.ops(),
                manager(),
                memory -> new T5Step(this, memory, prompts, mode),
                decoderInput.prompt(prompts));
    }

    @Override
    public void forgetLayersExcept(List<String> kept) {
        encoder.forgetBlocksExcept(kept);
        decoder.forgetBlocksExcept(kept);
    }

    /** All blocks of a stack may read the table of its first one. */
    @Override
    public boolean sharedByLayers(String tensor) {
        return tensor.endsWith(T5Layout.BUCKETS);
    }

    @Override
    public Optional<String> savedForm() {
        return new SavedT5(this).problem();
    }

    @Override
    public Map<String, Object> savedConfig() {
        return new SavedT5(this).config();
    }

    @Override
    public List<ModelTensor> savedTensors() {
        return new SavedT5(this).tensors();
    }
}
