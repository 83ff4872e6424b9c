package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import org.cpet.spi.model.AttentionSite;

/**
 * What the queries of an attention read: a prefix, earlier positions that a cache holds, and the present ones.
 *
 * @param keys [batch, groups, positions, d]; values likewise
 */
public record Memory(NDArray keys, NDArray values) {
    /**
     * Puts the present keys and values behind the others.
     *
     * @param past keys and values of earlier positions, to which these are appended; the prefix is its beginning
     */
    public static Memory of(
            AttentionSite site, PrefixColumns prefix, NDArray keys, NDArray values, Optional<KeyValues> past) {
        boolean first = past.isEmpty() || past.get().length() == 0;
        if (past.isEmpty() && prefix.count() == 0) {
            return new Memory(keys, values);
        }
        Optional<Memory> front =
                first && prefix.count() > 0 ? Optional.of(front(site, prefix, keys)) : Optional.empty();
        if (past.isEmpty()) {
            Memory before = front.orElseThrow();
            return new Memory(before.keys().concat(keys, 2), before.values().concat(values, 2));
        }
        KeyValues cache = past.get();
        front.ifPresent(before -> cache.extend(before.keys(), before.values()));
        cache.extend(keys, values);
        return of(cache);
    }

    /** What a cache holds. */
    public static Memory of(KeyValues cache) {
        return new Memory(cache.keys(), cache.values());
    }

    private static Memory front(AttentionSite site, PrefixColumns prefix, NDArray like) {
        DataType type = like.getDataType();
        return new Memory(prefix.keys(site, type), prefix.values(site, type));
    }
}
