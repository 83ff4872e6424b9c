package org.cpet.plugin.pet.prefix;

import java.util.Optional;
import org.cpet.spi.Option;

/**
 * Options of {@code prefix}.
 *
 * @param numVirtualTokens virtual tokens before the keys and values of each attention
 * @param reparameterisation whether a small network makes them while training
 * @param encoderHiddenSize width of that network; the model's hidden size when absent
 * @param format which attentions are reached and how the module is saved
 */
public record PrefixOptions(
        @Option(description = "virtual tokens in front of the keys and values", defaultValue = "20", min = 1)
        int numVirtualTokens,

        @Option(
                description = "train a small network (embedding, linear, tanh, linear) that makes the prefix, and keep"
                        + " only what it makes in the end",
                defaultValue = "false")
        boolean reparameterisation,

        @Option(description = "width of that network; the model's hidden size unless given", min = 1)
        Optional<Integer> encoderHiddenSize,

        @Option(
                description = "cpet reaches every attention; peft what PEFT reaches (in a T5 the decoder's"
                        + " self-attention) and writes its files",
                defaultValue = "cpet")
        PrefixFormat format) {}
