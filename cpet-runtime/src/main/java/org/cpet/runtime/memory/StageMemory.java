package org.cpet.runtime.memory;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a training stage's peak of resident memory comes from, in bytes.
 *
 * @param process the JVM, libtorch's code, and gaps that the C heap has at least
 * @param weights of the frozen model, and of the teacher where it stays open
 * @param unpacked second forms of compressed weights
 * @param masters float32 tensors that are trained, and a copy of the best epoch's
 * @param gradients of the masters
 * @param moments AdamW's two per master
 * @param activations what a step keeps for its backward pass and what passes through it, with the heap's gaps
 * @param teacherAnswers kept for distillation
 */
public record StageMemory(
        long process,
        long weights,
        long unpacked,
        long masters,
        long gradients,
        long moments,
        long activations,
        long teacherAnswers) {
    /** The peak. */
    public long total() {
        return process + weights + unpacked + masters + gradients + moments + activations + teacherAnswers;
    }

    /** By name, for JSON. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("process", process);
        json.put("weights", weights);
        json.put("unpacked_weights", unpacked);
        json.put("masters", masters);
        json.put("gradients", gradients);
        json.put("moments", moments);
        json.put("activations", activations);
        json.put("teacher_answers", teacherAnswers);
        json.put("peak", total());
        return json;
    }
}
