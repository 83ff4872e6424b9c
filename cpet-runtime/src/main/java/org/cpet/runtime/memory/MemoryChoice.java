package org.cpet.runtime.memory;

import java.util.OptionalLong;
import org.cpet.runtime.recipe.TrainingSection.Memory;

/**
 * How a stage trades memory for time, and why.
 *
 * @param asked by the recipe
 * @param fast the peak of a stage that keeps everything
 * @param low the peak of one that runs blocks again
 * @param available bytes that the stage may take; empty where the system does not tell
 */
public record MemoryChoice(Memory asked, StageMemory fast, StageMemory low, OptionalLong available) {
    /** {@link Memory#FAST} or {@link Memory#LOW}: what was asked for, and with auto the first that fits. */
    public Memory chosen() {
        if (asked != Memory.AUTO) {
            return asked;
        }
        return available.isPresent() && fast.total() > available.getAsLong() ? Memory.LOW : Memory.FAST;
    }

    /** The peak of what was chosen. */
    public StageMemory peak() {
        return chosen() == Memory.LOW ? low : fast;
    }

    /** Whether even what was chosen is expected not to fit. */
    public boolean exceeds() {
        return available.isPresent() && peak().total() > available.getAsLong();
    }

    /** Why auto became low. */
    public String reason() {
        return "training.memory is low: fast would take " + ProcessMemory.mebibytes(fast.total()) + ", there are "
                + ProcessMemory.mebibytes(available.orElseThrow()) + "; low takes "
                + ProcessMemory.mebibytes(low.total());
    }

    /** What is wrong where nothing fits. */
    public String warning() {
        return "the stage is expected to take " + ProcessMemory.mebibytes(peak().total()) + ", there are "
                + ProcessMemory.mebibytes(available.orElseThrow()) + "; a smaller training.batch_size"
                + (chosen() == Memory.LOW ? "" : " or training.memory: low") + " takes less";
    }
}
