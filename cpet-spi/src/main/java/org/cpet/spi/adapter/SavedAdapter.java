package org.cpet.spi.adapter;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.cpet.spi.InputException;

/**
 * A packed adapter as it lies in a file. The runtime writes names and shapes of the tensors; this is the rest.
 *
 * @param version of the codec's format
 * @param values short texts by snake_case names, sorted
 * @param streams packed bytes by snake_case names, sorted
 */
public record SavedAdapter(int version, Map<String, String> values, Map<String, byte[]> streams) {
    public SavedAdapter {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        streams = Collections.unmodifiableMap(new TreeMap<>(streams));
    }

    /**
     * The value of that name.
     *
     * @throws InputException when it is missing
     */
    public String value(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new InputException("'" + name + "' is missing from the packed adapter");
        }
        return value;
    }

    /**
     * The stream of that name.
     *
     * @throws InputException when it is missing
     */
    public byte[] stream(String name) {
        byte[] stream = streams.get(name);
        if (stream == null) {
            throw new InputException("stream '" + name + "' is missing from the packed adapter");
        }
        return stream;
    }
}
