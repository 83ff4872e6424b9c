package org.cpet.runtime.train;

import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.MetricsLog;
import org.cpet.spi.event.RunEvent;
import org.cpet.spi.event.RunListener;
import tools.jackson.databind.node.ObjectNode;

/** Writes logged steps and evaluations to {@code metrics.jsonl}. */
public final class Journal implements RunListener {
    private final MetricsLog log;

    public Journal(MetricsLog log) {
        this.log = log;
    }

    @Override
    public void on(RunEvent event) {
        if (event instanceof RunEvent.StepCompleted step && !Double.isNaN(step.loss())) {
            ObjectNode line = Json.object().put("stage", step.stage()).put("step", step.step());
            Json.put(line, "epoch", step.epoch());
            Json.put(line, "loss", step.loss());
            Json.put(line, "learning_rate", step.learningRate());
            log.append(Json.put(line.put("tokens", step.tokens()), "seconds", step.seconds()));
        } else if (event instanceof RunEvent.EvaluationCompleted evaluation) {
            ObjectNode line = Json.object().put("stage", evaluation.stage()).put("step", evaluation.step());
            Json.put(line, "epoch", evaluation.epoch());
            ObjectNode metrics = Json.object();
            evaluation.metrics().forEach((name, value) -> Json.put(metrics, name, value));
            line.set(evaluation.split(), metrics);
            log.append(Json.put(line.put("examples", evaluation.examples()), "seconds", evaluation.seconds()));
        }
    }
}
