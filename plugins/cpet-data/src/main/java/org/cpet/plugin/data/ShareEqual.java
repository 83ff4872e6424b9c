package org.cpet.plugin.data;

import java.util.function.UnaryOperator;
import org.cpet.spi.metric.Metric;

/** equal / all, after both texts are brought to a normal form. */
final class ShareEqual implements Metric {
    private final UnaryOperator<String> form;
    private long all;
    private long equal;

    ShareEqual(UnaryOperator<String> form) {
        this.form = form;
    }

    @Override
    public void add(String expected, String predicted) {
        all++;
        equal += form.apply(expected).equals(form.apply(predicted)) ? 1 : 0;
    }

    @Override
    public double value() {
        return all == 0 ? Double.NaN : (double) equal / all;
    }
}
