package org.cpet.runtime.bench;

import ai.djl.ndarray.types.DataType;
import org.cpet.runtime.recipe.TrainingSection;

/**
 * What is measured.
 *
 * @param workload its name
 * @param type of frozen weights; trained ones are float32
 * @param memory what training steps spend more of, time or memory
 */
public record BenchRequest(
        String workload,
        Workload shape,
        Workloads.Common common,
        BenchMode mode,
        DataType type,
        TrainingSection.Memory memory) {}
