package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.spi.tensor.PreparedLinear;
import org.cpet.spi.tensor.QuantizedRows;

/** Quantisation and the int8 kernels. */
final class Int8Kernels {
    private final TorchModule module;

    Int8Kernels(TorchModule module) {
        this.module = module;
    }

    QuantizedRows quantize(NDArray weight) {
        NDArray scales = StepScope.release(module.call("row_scales", weight));
        return new QuantizedRows(StepScope.release(module.call("row_codes", weight, scales)), scales);
    }

    PreparedLinear prepare(QuantizedRows rows, List<NDArray> bias) {
        return new PreparedLinear() {
            @Override
            public NDArray apply(NDArray x) {
                return GradMode.with(false, () -> {
                    NDArray y = module.call("int8_linear", x, rows.codes(), rows.scales());
                    return bias.isEmpty() ? y : y.addi(bias.get(0));
                });
            }

            @Override
            public String kernel() {
                return "float32 on codes";
            }

            @Override
            public void close() {}
        };
    }
}
