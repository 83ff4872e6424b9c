package org.cpet.runtime.interop;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.checkpoint.TensorFile;
import org.cpet.runtime.engine.safetensors.PlainTensor;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.SafetensorsLimits;
import org.cpet.runtime.engine.safetensors.StoredValues;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterCodec;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.PackedAdapter;
import org.cpet.spi.adapter.SavedAdapter;

/**
 * A packed adapter as a safetensors file. Its streams are tensors {@code packed.NAME}; tensors that stay as they are have
 * their own names. The metadata hold the codec with its version and values, where the vector starts, and a line {@code NAME
 * 4x36} for each packed tensor.
 *
 * @param initial see {@link InitialValues#text}
 * @param kept the tensors that were not packed
 */
public record PackedFile(
        Path path, PackedAdapter adapter, String codec, String initial, List<TensorEntry> kept, int version) {
    private static final String CODEC = "cpet_codec";
    private static final String VERSION = "cpet_codec_version";
    private static final String INITIAL = "cpet_initial";
    private static final String TENSORS = "cpet_tensors";
    private static final Set<String> OWN = Set.of(CODEC, VERSION, INITIAL, TENSORS);
    private static final String PREFIX = "packed.";

    /** Entries that a byte of a file may stand for; the sparsest vectors hold a few thousand. */
    private static final long EXPANSION = 1 << 16;

    public PackedFile {
        kept = List.copyOf(kept);
    }

    /** Whether a file holds a packed adapter. */
    public static boolean is(SafetensorsFile file) {
        return codec(file).isPresent();
    }

    /** The codec of a file that holds a packed adapter. */
    static Optional<String> codec(SafetensorsFile file) {
        return Optional.ofNullable(file.metadata().get(CODEC));
    }

    /** The contents of a file. */
    public static Contents contents(
            PackedAdapter adapter, String codec, String initial, List<PlainTensor> kept, Map<String, String> origin) {
        SavedAdapter saved = adapter.saved();
        Map<String, String> metadata = new LinkedHashMap<>(origin);
        metadata.put(CODEC, codec);
        metadata.put(VERSION, Integer.toString(saved.version()));
        metadata.put(INITIAL, initial);
        metadata.put(TENSORS, adapter.tensors().stream().map(PackedFile::line).collect(Collectors.joining("\n")));
        saved.values().forEach((name, value) -> metadata.put(PREFIX + name, value));
        List<PlainTensor> tensors = new ArrayList<>(kept);
        saved.streams().forEach((name, bytes) -> tensors.add(PlainTensor.of(PREFIX + name, bytes)));
        return TensorFile.of(tensors, metadata);
    }

    /** Reads and checks a file whose header was read. */
    public static PackedFile read(SafetensorsFile file, Codecs codecs) {
        try {
            String name = value(file, CODEC);
            AdapterCodec codec = codecs.codec(name);
            int version = number(value(file, VERSION), VERSION);
            if (version < 1 || version > codec.version()) {
                throw new InputException("version of " + name + "; found " + version + "; allowed 1 to "
                        + codec.version() + (version > codec.version() ? ", for a later release wrote it" : ""));
            }
            List<AdapterTensor> tensors = tensors(value(file, TENSORS));
            requirePlausible(tensors, Files.size(file.path()));
            List<TensorEntry> kept = file.tensors().values().stream()
                    .filter(entry -> !entry.name().startsWith(PREFIX))
                    .toList();
            return new PackedFile(
                    file.path(), codec.read(tensors, saved(file, version)), name, value(file, INITIAL), kept, version);
        } catch (InputException e) {
            throw new InputException(file.path() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InputException(file.path() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static SavedAdapter saved(SafetensorsFile file, int version) {
        Map<String, String> values = new LinkedHashMap<>();
        file.metadata().forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                values.put(key.substring(PREFIX.length()), value);
            }
        });
        Map<String, byte[]> streams = new LinkedHashMap<>();
        file.tensors().forEach((key, entry) -> {
            if (key.startsWith(PREFIX)) {
                streams.put(key.substring(PREFIX.length()), StoredValues.bytes(entry));
            }
        });
        return new SavedAdapter(version, values, streams);
    }

    private static String line(AdapterTensor tensor) {
        return tensor.name() + " "
                + Arrays.stream(tensor.shape().getShape())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining("x"));
    }

    private static List<AdapterTensor> tensors(String lines) {
        List<AdapterTensor> tensors = lines.lines().map(PackedFile::tensor).toList();
        List<String> names = tensors.stream().map(AdapterTensor::name).toList();
        if (!names.stream()
                .sorted(Comparator.naturalOrder())
                .distinct()
                .toList()
                .equals(names)) {
            throw new InputException(TENSORS + "; found names out of order or twice; allowed sorted names");
        }
        return tensors;
    }

    private static AdapterTensor tensor(String line) {
        int space = line.lastIndexOf(' ');
        String[] sizes = line.substring(space + 1).split("x", -1);
        if (space <= 0 || sizes.length > 8) {
            throw new InputException(TENSORS + "; found '" + line + "'; allowed a name and a shape such as 4x36");
        }
        long[] shape = new long[line.endsWith(" ") ? 0 : sizes.length];
        long elements = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = number(sizes[i], TENSORS);
            elements *= shape[i];
            if (elements > Integer.MAX_VALUE - 8) {
                throw new InputException(TENSORS + "; found " + line + "; allowed fewer than 2^31 entries in a tensor");
            }
        }
        return new AdapterTensor(line.substring(0, space), new Shape(shape));
    }

    private static void requirePlausible(List<AdapterTensor> tensors, long bytes) {
        long entries = tensors.stream().mapToLong(AdapterTensor::size).sum();
        if (entries > EXPANSION * bytes) {
            throw new InputException(TENSORS + "; found " + entries + " entries in a file of " + bytes
                    + " bytes; allowed up to " + EXPANSION + " for each byte");
        }
    }

    private static String value(SafetensorsFile file, String key) {
        String value = file.metadata().get(key);
        if (value == null) {
            throw new InputException("'" + key + "' is missing from the metadata of a packed adapter");
        }
        return value;
    }

    private static int number(String text, String what) {
        if (!text.matches("\\d{1,10}") || Long.parseLong(text) > Integer.MAX_VALUE) {
            throw new InputException(what + "; found '" + text + "'; allowed whole numbers below 2^31");
        }
        return Integer.parseInt(text);
    }

    /** Metadata of a dense file that a packed one keeps, and the other way round. */
    public static Map<String, String> origin(SafetensorsFile file) {
        Map<String, String> origin = new LinkedHashMap<>(file.metadata());
        origin.keySet().removeIf(key -> key.startsWith(PREFIX) || OWN.contains(key));
        return origin;
    }

    /** A weights file of a directory under the name of its dense or of its packed form. */
    static SafetensorsFile open(Path directory, String dense, String packed) {
        boolean isPacked = Files.exists(directory.resolve(packed));
        if (isPacked && Files.exists(directory.resolve(dense))) {
            throw new InputException(
                    directory + " holds both " + dense + " and " + packed + "; allowed one of the two");
        }
        SafetensorsFile file =
                SafetensorsFile.open(directory.resolve(isPacked ? packed : dense), SafetensorsLimits.ADAPTER);
        if (isPacked && !is(file)) {
            throw new InputException(
                    file.path() + ": '" + CODEC + "' is missing from the metadata of a packed adapter");
        }
        return file;
    }
}
