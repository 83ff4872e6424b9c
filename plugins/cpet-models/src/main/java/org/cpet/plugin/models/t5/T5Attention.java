package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.cpet.plugin.models.Dropout;
import org.cpet.plugin.models.Heads;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.RmsNorm;
import org.cpet.plugin.models.Sight;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;

/** h ← h + attention(norm(h)), with scores that are not divided by √d. */
final class T5Attention {
    private final Ops ops;
    private final AttentionSite site;
    private final RmsNorm norm;
    private final Dropout dropout;

    T5Attention(ModelSites sites, T5Config config, String name) {
        this.ops = sites.ops();
        this.site = sites.attention(name);
        this.norm = RmsNorm.of(sites, T5Layout.norm(name), config.epsilon());
        this.dropout = new Dropout(ops, config.dropout());
    }

    AttentionSite site() {
        return site;
    }

    /** Over the hidden states themselves; {@code past} holds earlier positions, to which these are appended. */
    NDArray self(NDArray hidden, Sight sight, Optional<KeyValues> past, ForwardMode mode) {
        return ops.tidy(() -> overItself(ops.joint(hidden), sight, past, mode));
    }

    private NDArray overItself(NDArray hidden, Sight sight, Optional<KeyValues> past, ForwardMode mode) {
        NDArray x = ops.joint(norm.apply(hidden));
        NDArray k = heads(site.key(), x, mode);
        NDArray v = heads(site.value(), x, mode);
        past.ifPresent(cache -> cache.extend(k, v));
        return add(
                hidden,
                x,
                past.map(KeyValues::keys).orElse(k),
                past.map(KeyValues::values).orElse(v),
                sight,
                mode);
    }

    /** Over the encoder's hidden states, which {@code past} holds as keys and values once they were computed. */
    NDArray cross(NDArray hidden, Optional<NDArray> encoded, Sight sight, Optional<KeyValues> past, ForwardMode mode) {
        return ops.tidy(() -> overEncoded(ops.joint(hidden), encoded, sight, past, mode));
    }

    private NDArray overEncoded(
            NDArray hidden, Optional<NDArray> encoded, Sight sight, Optional<KeyValues> past, ForwardMode mode) {
        NDArray x = ops.joint(norm.apply(hidden));
        if (encoded.isPresent()) {
            NDArray k = heads(site.key(), encoded.get(), mode);
            NDArray v = heads(site.value(), encoded.get(), mode);
            past.ifPresent(cache -> cache.extend(k, v));
            return add(hidden, x, k, v, sight, mode);
        }
        KeyValues cache = past.orElseThrow();
        return add(hidden, x, cache.keys(), cache.values(), sight, mode);
    }

    private NDArray add(NDArray hidden, NDArray x, NDArray k, NDArray v, Sight sight, ForwardMode mode) {
        NDArray context = sight.attend(ops, heads(site.query(), x, mode), k, v, 1);
        NDArray out = site.output().forward(site.output().shared(ops, Heads.merge(context)), mode);
        return hidden.add(dropout.apply(out, mode));
    }

    private NDArray heads(LinearSite projection, NDArray x, ForwardMode mode) {
        return Heads.split(projection.forward(x, mode), site.heads(), site.headDim());
    }
}
