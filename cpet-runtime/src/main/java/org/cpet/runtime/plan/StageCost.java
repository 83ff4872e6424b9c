package org.cpet.runtime.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a training stage takes.
 *
 * @param stage {@code teacher}, {@code compressed_pet}, {@code cpet}
 * @param rows trained on
 * @param stepsPerEpoch optimizer steps
 * @param steps in all
 * @param trainable parameters
 */
public record StageCost(String stage, long rows, long stepsPerEpoch, long steps, long trainable, Memory memory) {
    /**
     * Bytes, at the most.
     *
     * @param weights of the frozen model, and of the teacher where its answers are asked for
     * @param masters float32 copies of what is trained
     * @param gradients of the masters
     * @param moments AdamW's two per master
     * @param activations an estimate: every layer's input and output of a full micro-batch, attention weights, logits
     * @param teacherAnswers kept for distillation
     */
    public record Memory(
            long weights, long masters, long gradients, long moments, long activations, long teacherAnswers) {
        /** All of it. */
        public long total() {
            return weights + masters + gradients + moments + activations + teacherAnswers;
        }

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("weights", weights);
            json.put("masters", masters);
            json.put("gradients", gradients);
            json.put("moments", moments);
            json.put("activations_estimate", activations);
            json.put("teacher_answers", teacherAnswers);
            json.put("total", total());
            return json;
        }
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stage", stage);
        json.put("rows", rows);
        json.put("steps_per_epoch", stepsPerEpoch);
        json.put("steps", steps);
        json.put("trainable_parameters", trainable);
        json.put("memory_bytes", memory.json());
        return json;
    }
}
