package org.cpet.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A second, independent reader of safetensors, and the comparison of two files by the rules of the fixtures. */
public final class Tensors {
    private Tensors() {}

    /** A tensor's shape as written and its values. */
    public record Values(String shape, double[] values) {}

    /**
     * Writes int64 tensors.
     *
     * @param tensors {@code name:2x3:1 2 3 4 5 6}, separated by commas
     */
    public static Path write(Path file, String tensors) throws IOException {
        StringBuilder header = new StringBuilder("{");
        ByteBuffer data = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        for (String tensor : tensors.split(", ")) {
            String[] parts = tensor.split(":");
            int begin = data.position();
            for (String value : parts[2].split(" ")) {
                data.putLong(Long.parseLong(value));
            }
            header.append(header.length() > 1 ? "," : "")
                    .append("\"%s\":{\"dtype\":\"I64\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                            .formatted(parts[0], parts[1].replace('x', ','), begin, data.position()));
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + json.length + data.position()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data.flip());
        return Files.write(file, bytes.array());
    }

    /** Every tensor of a file. */
    public static Map<String, Values> read(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            int header = Math.toIntExact(bytes.getLong());
            JsonNode json = JsonMapper.shared().readTree(bytes.array(), 8, header);
            Map<String, Values> tensors = new TreeMap<>();
            json.propertyStream()
                    .filter(entry -> !entry.getKey().equals("__metadata__"))
                    .forEach(entry -> tensors.put(entry.getKey(), values(bytes, 8 + header, entry.getValue())));
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Every tensor of {@code golden} is in {@code candidate} with its shape, and no element differs by more than {@code
     * absolute} plus {@code relative} of the golden tensor's largest value. NaN in the golden file is not compared.
     */
    public static void assertClose(
            Map<String, Values> golden, Map<String, Values> candidate, double absolute, double relative) {
        golden.forEach((name, expected) -> {
            Values found = candidate.get(name);
            assertThat(found).as(name).isNotNull();
            assertThat(found.shape()).as(name).isEqualTo(expected.shape());
            double largest = 0;
            for (double value : expected.values()) {
                largest = Double.isNaN(value) ? largest : Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < expected.values().length; i++) {
                if (!Double.isNaN(expected.values()[i])) {
                    assertThat(Math.abs(found.values()[i] - expected.values()[i]))
                            .as("%s[%d]: %s against %s", name, i, found.values()[i], expected.values()[i])
                            .isLessThanOrEqualTo(absolute + relative * largest);
                }
            }
        });
    }

    private static Values values(ByteBuffer bytes, int data, JsonNode entry) {
        int begin = data + entry.get("data_offsets").get(0).asInt();
        int end = data + entry.get("data_offsets").get(1).asInt();
        String type = entry.get("dtype").asString();
        int width = width(type);
        double[] values = new double[(end - begin) / width];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(bytes, type, begin + i * width);
        }
        return new Values(entry.get("shape").toString(), values);
    }

    private static int width(String type) {
        return switch (type) {
            case "F64", "I64" -> 8;
            case "F32", "I32" -> 4;
            case "I8", "U8", "BOOL" -> 1;
            default -> throw new IllegalArgumentException("no test reads " + type);
        };
    }

    private static double value(ByteBuffer bytes, String type, int at) {
        return switch (type) {
            case "F64" -> bytes.getDouble(at);
            case "I64" -> bytes.getLong(at);
            case "F32" -> bytes.getFloat(at);
            case "I32" -> bytes.getInt(at);
            case "I8" -> bytes.get(at);
            default -> bytes.get(at) & 0xff;
        };
    }
}
