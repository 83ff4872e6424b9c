package org.cpet.runtime.engine;

import java.util.Locale;

/** How float32 matrices are multiplied on a CPU. */
public enum DenseKernel {
    /** By the BLAS that libtorch is built with: MKL on x86-64. */
    BLAS,
    /** By oneDNN, which has AVX-512 kernels for every vendor's CPUs. */
    ONEDNN;

    /** As files and tables write it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
