package org.cpet.runtime.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.Locale;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/**
 * Where tensors live.
 *
 * @param kind what was asked for
 * @param index the GPU's number, for {@link Kind#CUDA}
 */
public record DeviceChoice(Kind kind, int index) {
    /** What a recipe can ask for. */
    public enum Kind {
        /** The first GPU where libtorch sees one, else the CPU. */
        AUTO,
        CPU,
        CUDA
    }

    /** Reads {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. */
    public static DeviceChoice parse(String text) {
        return switch (text) {
            case "auto" -> new DeviceChoice(Kind.AUTO, 0);
            case "cpu" -> new DeviceChoice(Kind.CPU, 0);
            case "cuda" -> new DeviceChoice(Kind.CUDA, 0);
            default -> new DeviceChoice(Kind.CUDA, gpuNumber(text));
        };
    }

    private static int gpuNumber(String text) {
        if (text.matches("cuda:(0|[1-9][0-9]{0,2})")) {
            return Integer.parseInt(text.substring("cuda:".length()));
        }
        throw new CpetException(ExitCode.RECIPE, "device; found " + text + "; allowed auto, cpu, cuda, cuda:N");
    }

    Device resolve(Engine engine) {
        int gpus = kind == Kind.CPU ? 0 : engine.getGpuCount();
        if (kind == Kind.CPU || (kind == Kind.AUTO && gpus == 0)) {
            return Device.cpu();
        }
        if (index >= gpus) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "device; found " + this + "; allowed "
                            + (gpus == 0
                                    ? "auto, cpu: no GPU is visible to libtorch"
                                    : "cuda:0 to cuda:" + (gpus - 1)));
        }
        return Device.gpu(index);
    }

    @Override
    public String toString() {
        return kind == Kind.CUDA ? "cuda:" + index : kind.name().toLowerCase(Locale.ROOT);
    }
}
