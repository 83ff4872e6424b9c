package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TokenBatch;

/** The named int64 tensors of an inputs file as a batch. */
final class ModelInputs {
    private static final ImmutableSortedSet<String> NAMES =
            ImmutableSortedSet.of("attention_mask", "decoder_input_ids", "input_ids", "labels", "token_type_ids");

    private ModelInputs() {}

    /** The batch; anything that a model of this layout cannot read is an {@link InputException}. */
    static TokenBatch batch(Path file, Map<String, NDArray> tensors, ModelLayout layout) {
        for (String name : Sets.difference(tensors.keySet(), NAMES)) {
            throw new InputException(
                    file + ": unknown input tensor; found " + name + "; allowed " + String.join(", ", NAMES));
        }
        new InputChecks(file, tensors, layout).check();
        NDArray ids = Objects.requireNonNull(tensors.get("input_ids"));
        NDArray mask = tensors.containsKey("attention_mask") ? tensors.get("attention_mask") : ids.onesLike();
        TokenBatch batch = TokenBatch.of(ids, mask);
        batch = Optional.ofNullable(tensors.get("token_type_ids"))
                .map(batch::withTokenTypes)
                .orElse(batch);
        batch = Optional.ofNullable(tensors.get("decoder_input_ids"))
                .map(batch::withDecoderInput)
                .orElse(batch);
        return Optional.ofNullable(tensors.get("labels")).map(batch::withLabels).orElse(batch);
    }
}
