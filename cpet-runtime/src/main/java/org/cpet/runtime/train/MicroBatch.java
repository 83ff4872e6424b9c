package org.cpet.runtime.train;

import java.util.List;
import org.cpet.spi.model.TokenBatch;

/**
 * A micro-batch on the device with what the host knows of it.
 *
 * @param rows training rows in it, by index
 * @param tokens token ids and labels; valid until the scope it was made in closes
 */
public record MicroBatch(List<Integer> rows, TokenBatch tokens) {}
