package org.cpet.spi.tensor;

/** Element-wise non-linearities. */
public enum Activation {
    IDENTITY,
    RELU,
    /** Exact: x Φ(x), by the error function. */
    GELU,
    /** The tanh approximation ({@code gelu_new}, {@code gelu_pytorch_tanh}). */
    GELU_TANH,
    SILU,
    TANH
}
