package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.plugin.models.CachedDecoding;
import org.cpet.plugin.models.Masks;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.Sight;
import org.cpet.plugin.models.SitedModel;
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
    private final LinearSite head;
    private final double headScale;
    private final DecoderInput decoderInput;

    T5Model(ModelSites sites, T5Config config) {
        this.sites = sites;
        this.encoder = new T5Stack(sites, config, false);
        this.decoder = new T5Stack(sites, config, true);
        this.head = sites.linear(T5Layout.HEAD);
        this.headScale = config.scaled() ? 1 / Math.sqrt(config.hidden()) : 1;
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
    public ModelOutput forward(TokenBatch batch, ForwardMode mode) {
        Optional<NDArray> mask = mask(batch);
        List<NDArray> encoded = encode(batch, mask, mode);
        NDArray ids = decoderInput.of(batch);
        int targets = (int) ids.getShape().get(1);
        T5Context context = new T5Context(
                decoder.positions(ids.getManager(), targets, targets, Optional.empty()),
                Optional.of(sites.ops().joint(encoded.get(encoded.size() - 1))),
                sight(mask),
                List.of(),
                List.of());
        List<NDArray> decoded = decoder.run(ids, context, mode);
        NDArray logits = logits(decoded.get(decoded.size() - 1), mode);
        return new ModelOutput(Optional.of(logits), 0, encoded, decoded, Optional.empty());
    }

    /** Hides encoder padding, [batch, 1, 1, tokens]; absent where there is none. */
    static Optional<NDArray> mask(TokenBatch batch) {
        return Masks.padded(batch) ? Optional.of(Masks.ofKeys(batch.attentionMask())) : Optional.empty();
    }

    static Sight sight(Optional<NDArray> mask) {
        return mask.map(Sight::biased).orElse(Sight.ALL);
    }

    List<NDArray> encode(TokenBatch batch, Optional<NDArray> mask, ForwardMode mode) {
        NDArray ids = batch.inputIds();
        int tokens = (int) ids.getShape().get(1);
        T5Context context = new T5Context(
                encoder.positions(ids.getManager(), tokens, tokens, mask),
                Optional.empty(),
                Sight.ALL,
                List.of(),
                List.of());
        return encoder.run(ids, context, mode);
    }

    NDArray logits(NDArray hidden, ForwardMode mode) {
        return head.forward(headScale == 1 ? hidden : hidden.mul(headScale), mode);
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
    public Map<String, Object> savedConfig() {
        return new SavedT5(this).config();
    }

    @Override
    public List<ModelTensor> savedTensors() {
        return new SavedT5(this).tensors();
    }
}
