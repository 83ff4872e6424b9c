package org.cpet.runtime.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.cpet.spi.event.RunEvent;
import org.cpet.spi.event.RunListener;
import org.jspecify.annotations.Nullable;

/** Shows a run on standard error: a bar a stage on a terminal, a line a stage elsewhere. */
final class ProgressListener implements RunListener, AutoCloseable {
    private final PrintStream err;
    private final boolean terminal;
    private @Nullable ProgressBar bar;

    ProgressListener(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** For this process: bars where the launcher found a terminal. */
    static ProgressListener forProcess() {
        return new ProgressListener(System.err, Boolean.getBoolean("cpet.terminal"));
    }

    @Override
    public void on(RunEvent event) {
        if (event instanceof RunEvent.StageStarted started) {
            start(started);
        } else if (event instanceof RunEvent.StepCompleted step) {
            step(step);
        } else if (event instanceof RunEvent.EvaluationCompleted evaluation) {
            line(evaluationLine(evaluation));
        } else if (event instanceof RunEvent.StageFinished finished) {
            finish(finished);
        } else if (event instanceof RunEvent.Notice notice) {
            line("note: " + notice.message());
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    private void start(RunEvent.StageStarted started) {
        close();
        if (terminal && started.steps() > 0) {
            bar = new ProgressBarBuilder()
                    .setTaskName(started.stage())
                    .setInitialMax(started.steps())
                    .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                    .setUpdateIntervalMillis(200)
                    .setConsumer(new ConsoleProgressBarConsumer(err))
                    .build();
        } else if (!terminal) {
            line(started.stage() + (started.steps() > 0 ? ": " + started.steps() + " steps" : ""));
        }
    }

    private void step(RunEvent.StepCompleted step) {
        if (bar != null) {
            bar.stepTo(step.step());
            if (!Double.isNaN(step.loss())) {
                bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4f", step.loss()));
            }
        }
    }

    private void finish(RunEvent.StageFinished finished) {
        close();
        line(String.format(Locale.ROOT, "%s: done in %.1f s", finished.stage(), finished.seconds()));
    }

    private static String evaluationLine(RunEvent.EvaluationCompleted evaluation) {
        String metrics = evaluation.metrics().entrySet().stream()
                .map(metric -> String.format(Locale.ROOT, "%s %.4f", metric.getKey(), metric.getValue()))
                .collect(Collectors.joining(", "));
        String epoch = evaluation.split().equals("validation")
                ? String.format(Locale.ROOT, ", epoch %.1f", evaluation.epoch())
                : "";
        return evaluation.stage() + ": " + evaluation.examples() + " rows of " + evaluation.split() + epoch + ": "
                + metrics;
    }

    private void line(String text) {
        err.println((bar == null ? "" : "\n") + text);
    }
}
