package org.cpet.runtime.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;

/**
 * What a training step holds beside weights and optimizer state, counted in numbers. For n positions of a block with
 * hidden size h, projections of width w, P attention weights and u neurons, a fast step keeps until its backward pass
 *
 * <pre>
 *   attention    q, k, v, P, context (w), input, norm, output (h each), and w where the output layer has a side path
 *   FFN          u (gated: 3 u), input, norm, output (h each), and u where the last layer has a side path
 * </pre>
 *
 * while a lean one keeps the inputs of all blocks and those tensors of one block.
 *
 * @param kept until the backward pass gets there
 * @param passing the most that one half of a block makes and frees again in a forward pass
 * @param logits numbers that the output head makes
 */
record StepTensors(long kept, long passing, long logits) {
    /** A half of a block: what it keeps and what passes through it. */
    private record Half(long input, long kept, long passing) {}

    /**
     * Counts a step.
     *
     * @param beside whether a layer, by name, has a trained side path or is trained itself
     * @param dropout whether the model drops out: a tensor of noise for each half, a byte for each attention weight
     */
    static StepTensors of(
            ModelLayout layout, BatchShape batch, Predicate<String> beside, boolean dropout, boolean lean) {
        List<Half> attentions = layout.attentions().stream()
                .map(spec -> attention(layout, batch, spec, beside, dropout))
                .toList();
        List<Half> feedForwards = layout.feedForwards().stream()
                .map(spec -> feedForward(layout, batch, spec, beside, dropout))
                .toList();
        List<Half> halves = new ArrayList<>(attentions);
        halves.addAll(feedForwards);
        long kept = lean
                ? sum(feedForwards.stream().map(Half::input)) + largest(attentions) + largest(feedForwards)
                : sum(halves.stream().map(Half::kept));
        return new StepTensors(
                kept,
                halves.stream().mapToLong(Half::passing).max().orElse(0),
                batch.rows() * batch.read(layout) * width(layout));
    }

    private static Half attention(
            ModelLayout layout, BatchShape batch, AttentionSpec spec, Predicate<String> beside, boolean dropout) {
        long heads = (long) spec.groups() * spec.queriesPerGroup();
        long queries = batch.rows() * batch.positions(layout, spec.name());
        long keys = batch.rows() * batch.keys(layout, spec.name());
        long projected = queries * heads * spec.headDim() + 2 * keys * spec.groups() * spec.headDim();
        long weights = queries * heads * batch.keys(layout, spec.name());
        long hidden = queries * layout.hiddenSize();
        long context = queries * heads * spec.headDim();
        long held = dropout ? weights + weights / Float.BYTES : weights;
        long kept =
                projected + held + context + (dropout ? 4 : 3) * hidden + (beside.test(spec.output()) ? context : 0);
        return new Half(hidden, kept, 2 * projected + 2 * weights + 5 * hidden);
    }

    private static Half feedForward(
            ModelLayout layout, BatchShape batch, FeedForwardSpec spec, Predicate<String> beside, boolean dropout) {
        long positions = batch.rows() * batch.positions(layout, spec.name());
        long units = positions * spec.units();
        long hidden = positions * layout.hiddenSize();
        boolean gated = spec.ins().size() > 1;
        long kept = (gated ? 3 : 1) * units + (dropout ? 4 : 3) * hidden + (beside.test(spec.out()) ? units : 0);
        return new Half(hidden, kept, (gated ? 4 : 2) * units + 4 * hidden);
    }

    private static long largest(List<Half> halves) {
        return halves.stream().mapToLong(Half::kept).max().orElse(0);
    }

    private static long sum(Stream<Long> numbers) {
        return numbers.mapToLong(Long::longValue).sum();
    }

    /** Numbers that the output head makes of a position. */
    static long width(ModelLayout layout) {
        return layout.linears().stream()
                .filter(linear -> linear.role() == LinearRole.CLASSIFIER || linear.role() == LinearRole.HEAD)
                .mapToLong(LinearSpec::out)
                .reduce((first, last) -> last)
                .orElse(layout.vocabulary());
    }
}
