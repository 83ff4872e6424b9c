package org.cpet.plugin.adapters.compeft;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.cpet.plugin.adapters.ternary.BitReader;
import org.cpet.plugin.adapters.ternary.BitWriter;
import org.cpet.plugin.adapters.ternary.GolombCode;
import org.cpet.plugin.adapters.ternary.TernaryMask;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.adapter.SavedAdapter;

/**
 * A ternary adapter in a file, as two bit sets or as Golomb-coded gaps, whichever is smaller. Version 2 wrote {@code
 * encoding}, {@code per_tensor}, {@code bits}, {@code golomb_parameter} and {@code crc32}; version 1 knew bit sets, one
 * scale and no checksum.
 */
final class CompeftFile {
    static final int VERSION = 2;
    static final String ENCODING = "encoding";

    private static final String CHECKSUM = "crc32";
    private static final String GOLOMB = "golomb";
    private static final String BITMAP = "bitmap";
    private static final String GAPS = "gaps";
    private static final String POSITIVE = "positive";
    private static final String NEGATIVE = "negative";

    private CompeftFile() {}

    static SavedAdapter write(TernaryAdapter adapter) {
        List<TernaryMask> masks =
                adapter.parts().stream().map(TernaryPart::mask).toList();
        GolombCode code = code(adapter);
        long bits = masks.stream().mapToLong(code::bits).sum();
        long bitmapBytes = masks.stream()
                .mapToLong(mask -> 2 * ((mask.length() + 7) >>> 3))
                .sum();
        Map<String, String> values = new LinkedHashMap<>();
        values.put("density", Double.toString(adapter.options().density()));
        values.put("alpha", Double.toString(adapter.options().alpha()));
        values.put("per_tensor", Boolean.toString(adapter.options().perTensor()));
        values.put("kept", list(adapter, part -> Long.toString(part.mask().count())));
        values.put("sigma", list(adapter, part -> Double.toString(part.sigma())));
        Map<String, byte[]> streams = new TreeMap<>();
        if (((bits + 7) >>> 3) < bitmapBytes) {
            values.put(ENCODING, GOLOMB);
            values.put("golomb_parameter", Integer.toString(code.b()));
            values.put("bits", Long.toString(bits));
            BitWriter writer = new BitWriter(bits);
            masks.forEach(mask -> code.write(mask, writer));
            streams.put(GAPS, writer.bytes());
        } else {
            values.put(ENCODING, BITMAP);
            streams.put(POSITIVE, joined(masks, TernaryMask::positiveBytes));
            streams.put(NEGATIVE, joined(masks, TernaryMask::negativeBytes));
        }
        return signed(adapter.tensors(), values, streams);
    }

    /** With a checksum of all that is said. */
    static SavedAdapter signed(List<AdapterTensor> tensors, Map<String, String> values, Map<String, byte[]> streams) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.put(CHECKSUM, checksum(tensors, new SavedAdapter(VERSION, values, streams)));
        return new SavedAdapter(VERSION, all, streams);
    }

    /** The code of the share asked for, or of what is left of it where kept entries were 0. */
    private static GolombCode code(TernaryAdapter adapter) {
        long asked = adapter.parts().stream()
                .mapToLong(part -> adapter.options().kept(part.mask().length()))
                .sum();
        return GolombCode.of(
                adapter.count() == asked
                        ? adapter.options().density()
                        : (double) adapter.count() / Math.max(1, adapter.size()));
    }

    private static String list(TernaryAdapter adapter, Function<TernaryPart, String> text) {
        return adapter.parts().stream().map(text).collect(Collectors.joining(" "));
    }

    private static byte[] joined(List<TernaryMask> masks, Function<TernaryMask, byte[]> bytes) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        masks.forEach(mask -> joined.writeBytes(bytes.apply(mask)));
        return joined.toByteArray();
    }

    private static String checksum(List<AdapterTensor> tensors, SavedAdapter saved) {
        CRC32 checksum = new CRC32();
        tensors.forEach(tensor -> update(checksum, tensor.name() + " " + tensor.shape()));
        saved.values().forEach((name, value) -> {
            if (!name.equals(CHECKSUM)) {
                update(checksum, name + "=" + value);
            }
        });
        saved.streams().values().forEach(checksum::update);
        return String.format(Locale.ROOT, "%08x", checksum.getValue());
    }

    private static void update(CRC32 checksum, String line) {
        checksum.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static TernaryAdapter read(List<AdapterTensor> tensors, SavedAdapter saved) {
        boolean first = saved.version() == 1;
        boolean perTensor = !first && Boolean.parseBoolean(saved.value("per_tensor"));
        if (!first && !saved.value(CHECKSUM).equals(checksum(tensors, saved))) {
            throw new InputException("checksum; found " + checksum(tensors, saved) + "; allowed "
                    + saved.value(CHECKSUM) + ", that of the adapter when it was written");
        }
        long[] lengths = perTensor
                ? tensors.stream().mapToLong(AdapterTensor::size).toArray()
                : new long[] {tensors.stream().mapToLong(AdapterTensor::size).sum()};
        double[] sigmas = numbers(saved, "sigma", lengths.length);
        long[] kept = Arrays.stream(numbers(saved, "kept", lengths.length))
                .mapToLong(value -> (long) value)
                .toArray();
        boolean golomb = !first && encoding(saved).equals(GOLOMB);
        List<TernaryMask> masks = golomb ? gaps(saved, lengths, kept) : bitSets(saved, lengths);
        List<TernaryPart> parts = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            if (masks.get(i).count() != kept[i]) {
                throw new InputException(
                        "entries that are not 0; found " + masks.get(i).count() + "; allowed " + kept[i]);
            }
            parts.add(new TernaryPart(masks.get(i), sigmas[i]));
        }
        CompeftOptions options =
                new CompeftOptions(numbers(saved, "density", 1)[0], numbers(saved, "alpha", 1)[0], perTensor);
        return new TernaryAdapter(tensors, options, parts);
    }

    private static String encoding(SavedAdapter saved) {
        String encoding = saved.value(ENCODING);
        if (!encoding.equals(GOLOMB) && !encoding.equals(BITMAP)) {
            throw new InputException(ENCODING + "; found " + encoding + "; allowed " + BITMAP + ", " + GOLOMB);
        }
        return encoding;
    }

    private static List<TernaryMask> gaps(SavedAdapter saved, long[] lengths, long[] kept) {
        GolombCode code = new GolombCode((int) numbers(saved, "golomb_parameter", 1)[0]);
        BitReader reader = new BitReader(saved.stream(GAPS), (long) numbers(saved, "bits", 1)[0]);
        List<TernaryMask> masks = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            masks.add(code.read(lengths[i], kept[i], reader));
        }
        reader.requireEnd();
        return masks;
    }

    private static List<TernaryMask> bitSets(SavedAdapter saved, long[] lengths) {
        byte[] positive = saved.stream(POSITIVE);
        byte[] negative = saved.stream(NEGATIVE);
        ToLongFunction<Long> bytes = length -> (length + 7) >>> 3;
        long needed = LongStream.of(lengths).boxed().mapToLong(bytes).sum();
        if (positive.length != needed || negative.length != needed) {
            throw new InputException("bit sets; found " + positive.length + " and " + negative.length
                    + " bytes; allowed " + needed + " each");
        }
        List<TernaryMask> masks = new ArrayList<>();
        int begin = 0;
        for (long length : lengths) {
            int end = begin + (int) bytes.applyAsLong(length);
            masks.add(TernaryMask.of(
                    length, Arrays.copyOfRange(positive, begin, end), Arrays.copyOfRange(negative, begin, end)));
            begin = end;
        }
        return masks;
    }

    private static double[] numbers(SavedAdapter saved, String name, int count) {
        String[] texts = saved.value(name).split(" ", -1);
        if (texts.length != count) {
            throw new InputException(name + "; found " + texts.length + " numbers; allowed " + count);
        }
        try {
            double[] numbers =
                    Arrays.stream(texts).mapToDouble(Double::parseDouble).toArray();
            if (Arrays.stream(numbers).allMatch(value -> value >= 0 && value < Double.POSITIVE_INFINITY)) {
                return numbers;
            }
        } catch (NumberFormatException e) {
            throw new InputException(name + "; found a text that is no number; allowed numbers from 0", e);
        }
        throw new InputException(name + "; found " + saved.value(name) + "; allowed numbers from 0");
    }
}
