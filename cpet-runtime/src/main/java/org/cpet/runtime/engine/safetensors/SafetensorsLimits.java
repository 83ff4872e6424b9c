package org.cpet.runtime.engine.safetensors;

/**
 * What a reader accepts at most.
 *
 * @param headerBytes the JSON header
 * @param tensors entries of the header
 * @param nameBytes a tensor's name in UTF-8
 * @param metadataBytes all keys and values of {@code __metadata__} in UTF-8
 */
public record SafetensorsLimits(long headerBytes, int tensors, int nameBytes, int metadataBytes) {
    /** For base models: the format's own limit of the header. */
    public static final SafetensorsLimits MODEL = new SafetensorsLimits(100_000_000, 200_000, 1_024, 1 << 20);

    /** For adapters, which are small. */
    public static final SafetensorsLimits ADAPTER = new SafetensorsLimits(16 << 20, 200_000, 1_024, 1 << 20);

    /** Dimensions of a tensor. */
    static final int RANK = 8;
}
