package org.cpet.runtime.bench;

import ai.djl.ndarray.types.DataType;

/**
 * What is measured.
 *
 * @param workload its name
 * @param type of frozen weights; trained ones are float32
 */
public record BenchRequest(String workload, Workload shape, Workloads.Common common, BenchMode mode, DataType type) {}
