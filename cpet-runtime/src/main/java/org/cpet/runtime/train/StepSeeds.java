package org.cpet.runtime.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cpet.runtime.checkpoint.Hashes;

/**
 * The engine's seed of each micro-step: hash32(seed, stage) + micro-step. libtorch uses the low 32 bits of a seed only,
 * and this sum never repeats within 2³² micro-steps, which a hash of both would after some 65,000.
 */
record StepSeeds(int start) {
    static StepSeeds of(long seed, String stage) {
        byte[] name = (seed + ":" + stage).getBytes(StandardCharsets.UTF_8);
        return new StepSeeds(ByteBuffer.wrap(Hashes.sha256().digest(name)).getInt());
    }

    long at(long microStep) {
        return (start + microStep) & 0xFFFF_FFFFL;
    }
}
