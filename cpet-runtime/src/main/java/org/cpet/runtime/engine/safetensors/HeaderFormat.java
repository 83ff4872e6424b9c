package org.cpet.runtime.engine.safetensors;

import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The JSON header for tensors that follow in the given order, padded with spaces to a multiple of eight bytes. */
final class HeaderFormat {
    private static final int ALIGNMENT = 8;

    private HeaderFormat() {}

    /** What the header says of a tensor. */
    record Described(String name, ElementType type, Shape shape, long bytes) {}

    static byte[] bytes(List<Described> tensors, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart("__metadata__");
                new TreeMap<>(metadata).forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long begin = 0;
            for (Described tensor : tensors) {
                json.writeObjectPropertyStart(tensor.name());
                json.writeStringProperty("dtype", tensor.type().name());
                json.writeName("shape");
                long[] shape = tensor.shape().getShape();
                json.writeArray(shape, 0, shape.length);
                long end = begin + tensor.bytes();
                json.writeName("data_offsets");
                json.writeArray(new long[] {begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }
}
