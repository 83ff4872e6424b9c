package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;

/**
 * A float32 master that training changes.
 *
 * @param name the layer's name and the tensor's own, for example {@code encoder.layer.0.attention.self.query.lora_A.weight}
 * @param value a leaf that collects gradients
 */
public record TrainableTensor(String name, NDArray value) {}
