package org.cpet.spi.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a layer's weight is packed, as {@code config.json} states it.
 *
 * @param format name of the {@link PackedFormat} that opens it
 * @param settings what that needs besides the layer's shape: numbers, texts, truth values
 */
public record PackedForm(String format, Map<String, Object> settings) {
    public PackedForm {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
}
