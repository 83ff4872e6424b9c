package org.cpet.runtime.train;

import org.cpet.runtime.engine.NativeMemory;
import org.cpet.runtime.memory.ProcessMemory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The memory of a stage: that of the whole process, and what the stage itself would take, which does not depend on what ran
 * in the process before.
 *
 * @param resident bytes before the stage
 * @param mapped those of them that are pages of files
 */
record StagePeak(long resident, long mapped) {
    /** What loading and compressing have left is given back first. */
    static StagePeak start() {
        NativeMemory.giveBack();
        ProcessMemory.forgetPeak();
        return new StagePeak(ProcessMemory.resident(), ProcessMemory.mapped());
    }

    /**
     * Tells the facts of a stage that has just ended.
     *
     * @param held bytes that the stage held when it began: weights, modules, answers of a teacher
     */
    void report(ObjectNode facts, long held) {
        long peak = ProcessMemory.peak();
        // pages of weight files that training was the first to read are among those held
        long read = Math.max(0, ProcessMemory.mapped() - mapped);
        facts.put("peak_bytes", peak);
        if (peak > 0) {
            facts.put("training_bytes", held + Math.max(0, peak - resident - read));
        }
    }
}
