package org.cpet.spi.adapter;

/** How good an adapter is on rows of data. */
@FunctionalInterface
public interface AdapterObjective {
    /** The mean task loss of the model with that adapter; lower is better. */
    double loss(AdapterVector candidate);
}
