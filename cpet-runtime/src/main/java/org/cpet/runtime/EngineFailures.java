package org.cpet.runtime;

import ai.djl.engine.EngineException;
import java.util.Locale;
import java.util.function.Supplier;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** Tells users what a failure of the engine means to them. */
final class EngineFailures {
    private EngineFailures() {}

    static <T> T translated(Supplier<T> body) {
        try {
            return body.get();
        } catch (EngineException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            String lower = message.toLowerCase(Locale.ROOT);
            if (lower.contains("out of memory") || lower.contains("not enough memory") || lower.contains("allocate")) {
                throw memory("the device's memory is full", message, e);
            }
            throw e;
        } catch (OutOfMemoryError e) {
            throw memory("the Java heap is full", String.valueOf(e.getMessage()), e);
        }
    }

    private static CpetException memory(String what, String found, Throwable cause) {
        return new CpetException(
                ExitCode.MEMORY,
                what + "; found " + found
                        + "; allowed a smaller batch_size with more gradient_accumulation_steps, or a shorter max_length",
                cause);
    }
}
