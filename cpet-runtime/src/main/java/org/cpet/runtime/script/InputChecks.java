package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.InputException;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;

/** Whether the tensors of an inputs file are what a model can read; if not, which one, what was found, what is allowed. */
final class InputChecks {
    private final Path file;
    private final Map<String, NDArray> tensors;
    private final ModelLayout layout;

    InputChecks(Path file, Map<String, NDArray> tensors, ModelLayout layout) {
        this.file = file;
        this.tensors = tensors;
        this.layout = layout;
    }

    /** Throws an {@link InputException} at the first tensor that is wrong; {@code input_ids} must be there. */
    void check() {
        tensors.forEach(this::whole);
        Shape rows = table("input_ids");
        within("input_ids", 0, layout.vocabulary() - 1, false);
        optional("attention_mask", rows, 1);
        optional("token_type_ids", rows, layout.task() == ModelTask.CAUSAL_LM ? 0 : Integer.MAX_VALUE);
        if (tensors.containsKey("decoder_input_ids")) {
            if (layout.task() != ModelTask.SEQ2SEQ_LM) {
                throw problem("decoder_input_ids", "a tensor", "none: the model has no decoder of its own");
            }
            Shape decoder = table("decoder_input_ids");
            same("decoder_input_ids", new Shape(rows.get(0)), new Shape(decoder.get(0)));
            within("decoder_input_ids", 0, layout.vocabulary() - 1, false);
        }
        if (tensors.containsKey("labels")) {
            labels(rows);
        }
    }

    private void labels(Shape rows) {
        Shape found = shape("labels");
        switch (layout.task()) {
            case SEQ_CLS -> {
                same("labels", new Shape(rows.get(0)), found);
                within("labels", 0, classes() - 1, true);
            }
            case CAUSAL_LM -> {
                same("labels", rows, found);
                within("labels", 0, layout.vocabulary() - 1, true);
            }
            case SEQ2SEQ_LM -> {
                Optional<NDArray> decoder = Optional.ofNullable(tensors.get("decoder_input_ids"));
                Shape wanted = decoder.map(NDArray::getShape).orElseGet(() -> table("labels"));
                same("labels", wanted, found);
                same("labels", new Shape(rows.get(0)), new Shape(found.get(0)));
                within("labels", 0, layout.vocabulary() - 1, true);
            }
            case ENCODER -> {}
        }
    }

    private long classes() {
        return layout.linears().stream()
                .filter(linear -> linear.role() == LinearRole.CLASSIFIER)
                .mapToInt(LinearSpec::out)
                .reduce((first, last) -> last)
                .orElse(Integer.MAX_VALUE);
    }

    private void optional(String name, Shape wanted, long most) {
        if (tensors.containsKey(name)) {
            same(name, wanted, shape(name));
            within(name, 0, most, false);
        }
    }

    private void whole(String name, NDArray tensor) {
        if (tensor.getDataType() != DataType.INT64) {
            throw problem(name, tensor.getDataType().toString().toLowerCase(java.util.Locale.ROOT), "int64");
        }
    }

    private Shape table(String name) {
        Shape shape = shape(name);
        if (shape.dimension() != 2 || shape.size() == 0) {
            throw problem(name, "shape " + shape, "two dimensions [batch, tokens], none of them 0");
        }
        return shape;
    }

    private Shape shape(String name) {
        NDArray tensor = tensors.get(name);
        if (tensor == null) {
            throw new InputException(
                    file + ": '" + name + "' is missing; found " + String.join(", ", tensors.keySet()));
        }
        return tensor.getShape();
    }

    private void same(String name, Shape wanted, Shape found) {
        if (!found.equals(wanted)) {
            throw problem(name, "shape " + shape(name), "shape " + wanted + " as the rest has it");
        }
    }

    private void within(String name, long least, long most, boolean ignored) {
        for (long value : shape(name).size() == 0 ? new long[0] : values(name)) {
            if ((value < least || value > most) && !(ignored && value == TokenBatch.IGNORED)) {
                throw problem(
                        name,
                        String.valueOf(value),
                        least + " to " + most + (ignored ? ", or " + TokenBatch.IGNORED + " for none" : ""));
            }
        }
    }

    private long[] values(String name) {
        NDArray tensor = tensors.get(name);
        return tensor == null ? new long[0] : tensor.toLongArray();
    }

    private InputException problem(String name, String found, String allowed) {
        return new InputException(file + ": " + name + "; found " + found + "; allowed " + allowed);
    }
}
