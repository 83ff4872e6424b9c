package org.cpet.runtime.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a model and of its batches, as a workload file gives it.
 *
 * @param family bert, t5 or llama
 * @param headDim width of a head; hidden / heads when absent
 * @param labels classes of a classifier
 * @param seq tokens of a row; {@code decSeq} of a decoder's row
 * @param loraTargets endings of the names of the layers that LoRA stands beside
 * @param prompt tokens that a generation starts from; {@code newTokens} it makes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Workload(
        String family,
        int layers,
        int hidden,
        int heads,
        @Nullable Integer headDim,
        int ffn,
        int vocab,
        int labels,
        int batch,
        int seq,
        int decSeq,
        int loraR,
        int loraAlpha,
        List<String> loraTargets,
        int prompt,
        int newTokens,
        List<String> modes) {
    public Workload {
        loraTargets = List.copyOf(loraTargets);
        modes = List.copyOf(modes);
    }

    int headWidth() {
        return headDim == null ? hidden / heads : headDim;
    }

    /** Half the heads and half the neurons. */
    Workload half() {
        return new Workload(
                family,
                layers,
                hidden,
                heads / 2,
                headWidth(),
                ffn / 2,
                vocab,
                labels,
                batch,
                seq,
                decSeq,
                loraR,
                loraAlpha,
                loraTargets,
                prompt,
                newTokens,
                modes);
    }

    /** Tokens of encoder and decoder in a step, or new ones. */
    long tokensPerStep(BenchMode mode) {
        return mode.generates() ? newTokens : (long) batch * (seq + decSeq);
    }
}
