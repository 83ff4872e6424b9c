package org.cpet.spi.metric;

import java.util.List;

/** A kind of metric. */
public interface MetricMethod {
    /** A fresh metric; {@code labels} in class order, empty for free text. */
    Metric start(List<String> labels);
}
