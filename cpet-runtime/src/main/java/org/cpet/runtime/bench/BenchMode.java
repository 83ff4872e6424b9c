package org.cpet.runtime.bench;

import java.util.Locale;

/** What one step of a measurement is. */
public enum BenchMode {
    /** Forward, backward and AdamW on LoRA; the base is frozen. */
    TRAIN_LORA,
    /** The same on linear layers of the blocks in packed 4-bit codes, whose scales alone are trained. */
    TRAIN_PEQA,
    /** LoRA on the same 4-bit codes. */
    TRAIN_LORA_W4,
    /** LoRA's step with every parameter trained and no adapter. */
    TRAIN_FULL,
    /** LoRA and recovery on an int8 student, the teacher computed in the same step. */
    TRAIN_CPET,
    /** The same with the teacher's logits computed before. */
    TRAIN_CPET_CACHED,
    /** A forward pass, all logits. */
    INFER,
    /** The same with all linear layers in int8. */
    INFER_INT8,
    /** The same with the linear layers of the blocks in packed 4-bit codes. */
    INFER_W4,
    /** A forward pass with half the heads and half the neurons of each layer. */
    INFER_HALF_FFN_HEADS,
    /** A greedy continuation of one prompt. */
    GENERATE,
    /** The same with all linear layers in int8. */
    GENERATE_INT8,
    /** The same with the linear layers of the blocks in packed 4-bit codes. */
    GENERATE_W4;

    /** As the command line and workload files write it: {@code train_lora}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean trains() {
        return name().startsWith("TRAIN");
    }

    boolean generates() {
        return name().startsWith("GENERATE");
    }

    /** The PET that training steps train. */
    String pet() {
        return switch (this) {
            case TRAIN_FULL -> "full";
            case TRAIN_PEQA -> "peqa";
            default -> "lora";
        };
    }

    boolean compresses() {
        return this == TRAIN_CPET || this == TRAIN_CPET_CACHED;
    }

    boolean w4() {
        return this == TRAIN_PEQA || name().endsWith("W4");
    }

    boolean int8() {
        return name().endsWith("INT8");
    }
}
