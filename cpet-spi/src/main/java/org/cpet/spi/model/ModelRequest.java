package org.cpet.spi.model;

/**
 * What a model directory is opened for.
 *
 * @param labels number of classes of a classification head; 0 asks for what {@code config.json} states
 */
public record ModelRequest(ModelTask task, int labels) {}
