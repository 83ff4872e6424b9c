package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cpet.runtime.recipe.Paradigm;
import tools.jackson.databind.JsonNode;

/**
 * A line of a study's table: a row of a variant's runs, once for each seed that is done.
 *
 * @param planned how many seeds there will be
 */
record Line(Variant variant, Paradigm row, List<Sample> samples, int planned) {
    Line {
        samples = List.copyOf(samples);
    }

    /**
     * What one run measured.
     *
     * @param row of its {@code result.json}
     * @param facts of the row's stage
     */
    record Sample(long seed, String cell, JsonNode row, JsonNode facts) {
        double metric(String name) {
            return number(row.path("metrics").path(name));
        }

        /** A number among the stage's facts. */
        JsonNode fact(String key) {
            return facts.path(key);
        }

        double latency() {
            return number(row.path("latency_ms"));
        }
    }

    /** The metrics measured, in the recipe's order. */
    List<String> metrics() {
        Set<String> names = new LinkedHashSet<>();
        samples.forEach(sample -> names.addAll(sample.row().path("metrics").propertyNames()));
        return List.copyOf(names);
    }

    Statistics metric(String name) {
        return Statistics.of(samples.stream().map(sample -> sample.metric(name)).toList());
    }

    /** Of the best epoch on the validation rows; {@code loss} too. */
    Statistics validation(String name) {
        return Statistics.of(samples.stream()
                .map(sample -> number(sample.facts().path("validation").path(name)))
                .toList());
    }

    /** A number among the stages' facts, such as {@code step_ms}, over the seeds that have it. */
    Statistics fact(String key) {
        return Statistics.of(
                samples.stream().map(sample -> number(sample.fact(key))).toList());
    }

    /** Medians of single calls, over the seeds. */
    Statistics latency() {
        return Statistics.of(samples.stream().map(Sample::latency).toList());
    }

    /** Single calls of all seeds: their number, mean and standard deviation within a seed. */
    Statistics calls() {
        List<Double> means = new ArrayList<>();
        double variances = 0;
        int count = 0;
        for (Sample sample : samples) {
            JsonNode calls = sample.facts().path("latency");
            means.add(number(calls.path("mean_ms")));
            variances += Math.pow(number(calls.path("sd_ms")), 2);
            count += calls.path("calls").asInt(0);
        }
        double sd = samples.isEmpty() ? Double.NaN : Math.sqrt(variances / samples.size());
        return new Statistics(count, Statistics.of(means).mean(), sd, Double.NaN, Double.NaN);
    }

    /** The same in every seed, unless methods choose what they keep. */
    double mean(String key) {
        return Statistics.of(samples.stream()
                        .map(sample -> number(sample.row().path(key)))
                        .toList())
                .mean();
    }

    boolean complete() {
        return samples.size() == planned;
    }

    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }
}
