package org.cpet.runtime.interop;

import com.google.common.base.Suppliers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.cpet.runtime.checkpoint.Hashes;
import org.cpet.runtime.engine.safetensors.StoredValues;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterTensor;

/** θ_initial, where a task vector starts: one number everywhere, or the tensors of an initial adapter or model. */
public final class InitialValues {
    private static final String HASH = "sha256:";

    private final double constant;
    private final Optional<Function<String, Optional<TensorEntry>>> stored;
    private final String name;

    private InitialValues(double constant, Optional<Function<String, Optional<TensorEntry>>> stored, String name) {
        this.constant = constant;
        this.stored = stored;
        this.name = name;
    }

    /** The same number everywhere. */
    public static InitialValues constant(double value) {
        return new InitialValues(value, Optional.empty(), Double.toString(value));
    }

    /**
     * Tensors of files.
     *
     * @param entries by the key of an adapter's file
     * @param name what messages call them
     */
    public static InitialValues stored(Function<String, Optional<TensorEntry>> entries, String name) {
        return new InitialValues(0, Optional.of(entries), name);
    }

    /** The tensors of a model, under the keys that adapters give them. */
    public static InitialValues ofModel(TensorStore weights) {
        return stored(key -> Optional.ofNullable(weights.tensors().get(PeftNames.name(key))), weights.name());
    }

    /** The same, its files opened when a value is first asked for: few adapters need one. */
    public static InitialValues ofModel(ModelDirectory model) {
        Supplier<TensorStore> weights = Suppliers.memoize(model::weights);
        return stored(
                key -> Optional.ofNullable(weights.get().tensors().get(PeftNames.name(key))),
                model.path().toString());
    }

    /** Whether they are one number. */
    public boolean isConstant() {
        return stored.isEmpty();
    }

    /** Whether they are 0 everywhere. */
    boolean isZero() {
        return isConstant() && constant == 0;
    }

    /** Whether there is a value for a tensor of that key. */
    public boolean has(String key) {
        return stored.map(entries -> entries.apply(key).isPresent()).orElse(true);
    }

    /** The values of a tensor. */
    public float[] of(AdapterTensor tensor) {
        if (stored.isEmpty()) {
            float[] values = new float[tensor.size()];
            Arrays.fill(values, (float) constant);
            return values;
        }
        TensorEntry entry = stored.get()
                .apply(tensor.name())
                .orElseThrow(() -> new InputException(name + ": tensor " + tensor.name() + " is missing"));
        if (!entry.shape().equals(tensor.shape())) {
            throw new InputException(
                    name + ": shape of " + tensor.name() + "; found " + entry.shape() + "; allowed " + tensor.shape());
        }
        return StoredValues.floats(entry);
    }

    /** What a packed file says of them: the number, or a hash of names and values. */
    public String text(List<AdapterTensor> tensors) {
        if (isConstant()) {
            return name;
        }
        MessageDigest digest = Hashes.sha256();
        for (AdapterTensor tensor : tensors) {
            digest.update(tensor.name().getBytes(StandardCharsets.UTF_8));
            float[] values = of(tensor);
            ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values) {
                if (bytes.remaining() < Float.BYTES) {
                    digest.update(bytes.flip());
                    bytes.clear();
                }
                bytes.putFloat(value);
            }
            digest.update(bytes.flip());
        }
        return HASH + HexFormat.of().formatHex(digest.digest());
    }

    /**
     * The values a packed file was made against.
     *
     * @param given what the user names, when the file does not say it all
     * @throws InputException when they are needed and not given, or are others
     */
    public static InitialValues required(
            String text, List<AdapterTensor> tensors, Optional<InitialValues> given, String file) {
        if (!text.startsWith(HASH)) {
            try {
                return constant(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                throw new InputException(
                        file + ": initial values; found " + text + "; allowed a number or " + HASH + "...", e);
            }
        }
        InitialValues values = given.orElseThrow(
                () -> new InputException(file + " was compressed against an initial adapter or model; allowed"
                        + " `cpet adapter decompress --initial DIR` first, with that directory"));
        String found = values.text(tensors);
        if (!found.equals(text)) {
            throw new InputException(file + " was compressed against other initial values; found " + found + " in "
                    + values.name + "; allowed " + text);
        }
        return values;
    }
}
