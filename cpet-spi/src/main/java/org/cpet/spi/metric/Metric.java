package org.cpet.spi.metric;

/** Collects predictions of one evaluation; fresh for each. */
public interface Metric {
    /** Counts one prediction. */
    void add(String expected, String predicted);

    /** The value, 0 to 1 where higher is better; NaN without predictions. */
    double value();
}
