package org.cpet.runtime.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.cpet.spi.Nearest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** A workload file: shapes by name, and what they have in common. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Workloads(Common common, Map<String, Workload> workloads) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    public Workloads {
        workloads = Map.copyOf(workloads);
    }

    /**
     * What all workloads share.
     *
     * @param batches used in turn
     * @param warmup steps that are not counted
     * @param steps least number counted, and as many more as {@code minSeconds} leave time for, up to {@code maxSteps}
     * @param cpetAlpha weight of the distillation loss
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Common(
            int threads,
            long seed,
            int batches,
            int warmup,
            int steps,
            double minSeconds,
            int maxSteps,
            double lr,
            double weightDecay,
            double dropout,
            double cpetAlpha,
            int recoveryDim,
            String recoveryAct) {
        /** The same with exactly so many steps counted. */
        public Common withSteps(int count) {
            return new Common(
                    threads,
                    seed,
                    batches,
                    warmup,
                    count,
                    0,
                    count,
                    lr,
                    weightDecay,
                    dropout,
                    cpetAlpha,
                    recoveryDim,
                    recoveryAct);
        }
    }

    /** Reads a file. */
    public static Workloads read(Path file) {
        try {
            return JSON.readValue(Files.readAllBytes(file), Workloads.class);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            String reason = e.getOriginalMessage().replaceAll("(?s)[;\\n].*", "");
            throw new InputException(file + ": not a workload file: " + reason, e);
        }
    }

    /** The workload of that name, which must know the mode. */
    public Workload of(String name, BenchMode mode) {
        Workload found = of(name);
        if (!found.modes().contains(mode.key())) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "--mode; found " + mode.key() + "; workload " + name + " has " + String.join(", ", found.modes()));
        }
        return found;
    }

    /** The workload of that name. */
    public Workload of(String name) {
        Workload found = workloads.get(name);
        if (found == null) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "--workload; found " + name + "; allowed "
                            + String.join(
                                    ", ", workloads.keySet().stream().sorted().toList())
                            + Nearest.hint(name, workloads.keySet()));
        }
        return found;
    }
}
