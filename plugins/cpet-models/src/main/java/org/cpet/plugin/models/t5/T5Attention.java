package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.cpet.plugin.models.Dropout;
import org.cpet.plugin.models.Heads;
import org.cpet.plugin.models.KeyValues;
import org.cpet.plugin.models.Memory;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.PrefixColumns;
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
    NDArray self(NDArray hidden, Sight sight, PrefixColumns prefix, Optional<KeyValues> past, ForwardMode mode) {
        return ops.tidy(() -> overItself(ops.joint(hidden), sight, prefix, past, mode));
    }

    private NDArray overItself(
            NDArray hidden, Sight sight, PrefixColumns prefix, Optional<KeyValues> past, ForwardMode mode) {
        NDArray x = ops.joint(norm.apply(hidden));
        Memory memory = Memory.of(site, prefix, heads(site.key(), x, mode), heads(site.value(), x, mode), past);
        return add(hidden, x, memory, sight, mode);
    }

    /** Over the encoder's hidden states, which {@code past} holds as keys and values once they were computed. */
    NDArray cross(NDArray hidden, T5Context.Encoder encoder, Optional<KeyValues> past, ForwardMode mode) {
        return ops.tidy(() -> overEncoded(ops.joint(hidden), encoder, past, mode));
    }

    private NDArray overEncoded(NDArray hidden, T5Context.Encoder encoder, Optional<KeyValues> past, ForwardMode mode) {
        NDArray x = ops.joint(norm.apply(hidden));
        Memory memory = encoder.states()
                .map(states -> Memory.of(
                        site,
                        encoder.prefix(),
                        heads(site.key(), states, mode),
                        heads(site.value(), states, mode),
                        past))
                .orElseGet(() -> Memory.of(past.orElseThrow()));
        return add(hidden, x, memory, encoder.sight(), mode);
    }

    private NDArray add(NDArray hidden, NDArray x, Memory memory, Sight sight, ForwardMode mode) {
        NDArray context =
                sight.attend(ops, heads(site.query(), x, mode), memory.keys(), memory.values(), 1, dropout.rate(mode));
        NDArray out = site.output().forward(site.output().shared(ops, Heads.merge(context)), mode);
        return hidden.add(dropout.apply(out, mode));
    }

    private NDArray heads(LinearSite projection, NDArray x, ForwardMode mode) {
        return Heads.split(projection.forward(x, mode), site.heads(), site.headDim());
    }
}
