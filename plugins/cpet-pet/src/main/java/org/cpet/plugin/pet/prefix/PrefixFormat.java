package org.cpet.plugin.pet.prefix;

/** Which attentions a prefix reaches, and how it is saved. */
public enum PrefixFormat {
    /** Every attention, cross-attention included; saved under a type of our own. */
    CPET,
    /** What PEFT reaches, in a T5 the decoder's self-attention; saved as PEFT's {@code PREFIX_TUNING}. */
    PEFT
}
