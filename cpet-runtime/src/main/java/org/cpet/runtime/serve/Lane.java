package org.cpet.runtime.serve;

/**
 * Neighbouring rows of a batch that one adapter answers.
 *
 * @param rows how many
 * @param parts what the adapter puts into the model
 */
record Lane(int rows, AdapterParts parts) {}
