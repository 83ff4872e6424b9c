package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.ScriptModule;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.cpet.spi.tensor.PreparedLinear;
import org.cpet.spi.tensor.QuantizedRows;
import org.jspecify.annotations.Nullable;

/** Quantisation, and layers packed for the machine's fastest int8 kernel. */
final class Int8Kernels {
    private final TorchModule module;
    private final Supplier<KernelProfile> source;
    private @Nullable KernelProfile profile;

    /** @param source asked once, when the first layer is packed */
    Int8Kernels(TorchModule module, Supplier<KernelProfile> source) {
        this.module = module;
        this.source = source;
    }

    synchronized KernelProfile profile() {
        if (profile == null) {
            profile = source.get();
        }
        return profile;
    }

    QuantizedRows quantize(NDArray weight) {
        NDArray scales = StepScope.release(module.call("row_scales", weight));
        return new QuantizedRows(StepScope.release(module.call("row_codes", weight, scales)), scales);
    }

    /** Exact W8A8: as integers where that is what the machine is fast with, else in float32. */
    NDArray exact(NDArray x, QuantizedRows rows) {
        return profile().int8() == Int8Kernel.INT_MM
                ? module.call("int_mm", x, rows.codes(), rows.scales(), List.of())
                : module.call("int8_linear", x, rows.codes(), rows.scales());
    }

    /** s ⊙ q in the type of {@code x}. */
    NDArray dequantized(NDArray x, QuantizedRows rows) {
        return module.call("dequantized_like", x, rows.codes(), rows.scales());
    }

    /** g ⊙ s. */
    NDArray scaled(NDArray gradient, QuantizedRows rows) {
        return module.call("scaled_columns", gradient, rows.scales());
    }

    /** q in the type of {@code x}. */
    NDArray codes(NDArray x, QuantizedRows rows) {
        return module.call("like", rows.codes(), x);
    }

    PreparedLinear prepare(QuantizedRows rows, List<NDArray> bias) {
        KernelProfile chosen = profile();
        PreparedLinear many = prepare(chosen.int8(), rows, bias);
        return chosen.int8Row() == chosen.int8() ? many : new ByRows(many, () -> prepare(chosen.int8Row(), rows, bias));
    }

    /** Rows and bias must stay open as long as the layer. */
    PreparedLinear prepare(Int8Kernel kernel, QuantizedRows rows, List<NDArray> bias) {
        NDArray codes = rows.codes();
        NDArray scales = rows.scales();
        return switch (kernel) {
            case INT_MM -> new PackedLinear(kernel, x -> module.call("int_mm", x, codes, scales, bias), () -> {});
            case LINEAR_DYNAMIC -> dynamic(kernel, rows, bias, false);
            case LINEAR_DYNAMIC_7BIT -> dynamic(kernel, rows, bias, true);
            case BFLOAT16_CODES -> floating(kernel, rows, bias, DataType.BFLOAT16);
            case FLOAT32_CODES -> floating(kernel, rows, bias, DataType.FLOAT32);
        };
    }

    private PreparedLinear dynamic(Int8Kernel kernel, QuantizedRows rows, List<NDArray> bias, boolean sevenBits) {
        ScriptModule.Packed packed = GradMode.with(false, () -> module.pack("pack_rows", rows.codes(), rows.scales()));
        NDManager owner = rows.codes().getManager();
        String id = UUID.randomUUID().toString();
        owner.attachInternal(id, packed); // so that closing a session frees what nobody closed
        // a single row's own range is that of the whole input, so that it need not be scaled first
        return new PackedLinear(
                kernel,
                x -> module.call(ByRows.isSingle(x) ? "row_dynamic" : "linear_dynamic", x, packed, sevenBits, bias),
                () -> {
                    owner.detachInternal(id);
                    packed.close();
                });
    }

    private PreparedLinear floating(Int8Kernel kernel, QuantizedRows rows, List<NDArray> bias, DataType type) {
        NDArray codes = StepScope.release(module.call("cast", rows.codes(), TorchTypes.code(type)));
        return new PackedLinear(kernel, x -> module.call("float_codes", x, codes, rows.scales(), bias), codes::close);
    }
}
