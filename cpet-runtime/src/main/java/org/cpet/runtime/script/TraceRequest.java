package org.cpet.runtime.script;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code trace} is asked for.
 *
 * @param steps full-batch AdamW steps
 * @param compression a recipe file with a {@code compression:} section; then there is a teacher
 * @param recovery a file of recovery tensors for the compressed student
 * @param recoveryAlpha {@code lora_alpha} of the recovery module
 * @param alpha weight of the distillation loss
 */
public record TraceRequest(
        Path model,
        Path adapter,
        Path inputs,
        int steps,
        double learningRate,
        double weightDecay,
        Optional<Path> compression,
        Optional<Path> recovery,
        double recoveryAlpha,
        double alpha) {}
