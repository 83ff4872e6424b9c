package org.cpet.plugin.data;

import java.util.List;
import org.cpet.plugin.data.F1Options.Average;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.PluginContext;
import org.cpet.spi.metric.Metric;
import org.cpet.spi.metric.MetricFactory;
import org.cpet.spi.metric.MetricMethod;

/** {@code f1}. */
public final class F1Factory implements MetricFactory<F1Options> {
    @Override
    public String name() {
        return "f1";
    }

    @Override
    public String description() {
        return "harmonic mean of precision and recall";
    }

    @Override
    public Class<F1Options> optionsType() {
        return F1Options.class;
    }

    @Override
    public MetricMethod create(F1Options options, PluginContext context) {
        return labels -> start(options.average(), labels);
    }

    private static Metric start(Average average, List<String> labels) {
        if (labels.size() < 2) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "metric 'f1' needs classes; found " + (labels.isEmpty() ? "free text" : "one label")
                            + "; allowed 'exact_match' for free text");
        }
        boolean binary = average == Average.BINARY || (average == Average.AUTO && labels.size() == 2);
        return new F1(labels, binary ? labels.subList(labels.size() - 1, labels.size()) : labels);
    }
}
