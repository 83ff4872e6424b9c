package org.cpet.runtime.memory;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;

/**
 * What decides how much memory a training stage takes.
 *
 * <p>The counted tensors are exact; what comes on top was measured on three models and three ways of training: a process
 * without a model, and the shares by which the C heap, told to keep what a step frees, grows beyond what lives in it.
 *
 * @param layout of the model that is trained
 * @param weightBytes of its frozen weights, and of whatever other model stays open
 * @param valueBytes of an activation: 4, or 2 in half precision
 * @param trained names of what is trained, which begin with the layer that it belongs to
 * @param trainable numbers trained
 * @param copies of the trained numbers that are kept beside the masters
 * @param dropout whether hidden states and attention weights are dropped out
 */
public record StageDemand(
        ModelLayout layout,
        long weightBytes,
        int valueBytes,
        Set<String> trained,
        long trainable,
        int copies,
        Teaching teaching,
        boolean dropout) {
    private static final List<String> DROPOUTS =
            List.of("hidden_dropout_prob", "attention_probs_dropout_prob", "attention_dropout", "dropout_rate");
    private static final long PROCESS = 270L << 20;
    private static final long LARGEST_GAPS = 75L << 20;
    private static final double KEPT = 1.15;
    private static final double PASSING = 6;
    private static final double LOGITS = 1.5;
    private static final double COMPARED_LOGITS = 8;
    private static final int FLOAT = 4;

    public StageDemand {
        trained = Set.copyOf(trained);
    }

    /** Of a model as it stands, with what is attached to it. */
    public static StageDemand of(
            TransformerModel model, long otherWeights, List<TrainableTensor> trained, int copies, Teaching teaching) {
        long weights = model.tensors().stream().mapToLong(ModelTensor::bytes).sum();
        boolean narrow = model.tensors().stream()
                .anyMatch(tensor -> tensor.value().getDataType() == DataType.FLOAT16
                        || tensor.value().getDataType() == DataType.BFLOAT16);
        return new StageDemand(
                model.layout(),
                weights + otherWeights,
                narrow ? 2 : FLOAT,
                trained.stream().map(TrainableTensor::name).collect(Collectors.toSet()),
                trained.stream().mapToLong(tensor -> tensor.value().size()).sum(),
                copies,
                teaching,
                dropsOut(model.config()));
    }

    /** Numbers that the output head makes of a position. */
    public static long logitsWidth(ModelLayout layout) {
        return StepTensors.width(layout);
    }

    /** Whether a config asks for dropout. */
    public static boolean dropsOut(ModelConfig config) {
        return DROPOUTS.stream()
                .anyMatch(key -> config.values().get(key) instanceof Number rate && rate.doubleValue() > 0);
    }

    /**
     * What distillation adds.
     *
     * @param answerBytes of the teacher's outputs that are kept
     * @param compares whether logits are compared in each step
     */
    public record Teaching(long answerBytes, boolean compares) {
        /** No distillation. */
        public static final Teaching NONE = new Teaching(0, false);
    }

    /** The peak of resident memory with batches of a shape. */
    public StageMemory with(BatchShape batch, boolean lean) {
        StepTensors tensors = StepTensors.of(layout, batch, this::carries, dropout, lean);
        double activations = valueBytes * (KEPT * tensors.kept() + PASSING * tensors.passing())
                + FLOAT * (teaching.compares() ? COMPARED_LOGITS : LOGITS) * tensors.logits();
        return new StageMemory(
                PROCESS + (long) Math.min(LARGEST_GAPS, activations),
                weightBytes,
                lean
                        ? 0
                        : layout.linears().stream()
                                .mapToLong(LinearSpec::unpackedBytes)
                                .sum(),
                FLOAT * trainable * (1 + copies),
                FLOAT * trainable,
                2L * FLOAT * trainable,
                (long) activations,
                teaching.answerBytes());
    }

    private boolean carries(String layer) {
        return trained.contains(layer) || trained.stream().anyMatch(name -> name.startsWith(layer + "."));
    }
}
