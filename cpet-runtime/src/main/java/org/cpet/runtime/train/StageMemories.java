package org.cpet.runtime.train;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.checkpoint.RunDirectory.Fact;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.memory.AvailableMemory;
import org.cpet.runtime.memory.BatchShape;
import org.cpet.runtime.memory.MemoryChoice;
import org.cpet.runtime.memory.ProcessMemory;
import org.cpet.runtime.memory.StageDemand;
import org.cpet.runtime.memory.StageDemand.Teaching;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.runtime.recipe.TrainingSection.Memory;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides for each stage whether it keeps what its backward pass needs, and remembers that for the process that goes on
 * with the run: both ways compute the same but for rounding.
 */
final class StageMemories {
    private static final int BEST_EPOCH = 1;

    private final RunDirectory directory;
    private final EngineSession session;
    private final Events events;

    StageMemories(RunDirectory directory, EngineSession session, Events events) {
        this.directory = directory;
        this.session = session;
        this.events = events;
    }

    /** What a stage does; a notice says so where that is not what is fastest, or where nothing fits. */
    MemoryChoice decide(
            String stage,
            TrainingSection training,
            TransformerModel model,
            List<TrainableTensor> trained,
            TrainingRows rows,
            Optional<TransformerModel> teacher,
            Teaching teaching) {
        BatchShape batch = new BatchShape(
                Math.min(training.batch_size(), rows.size()),
                IntStream.range(0, rows.size()).map(rows::inputLength).max().orElse(0),
                IntStream.range(0, rows.size()).map(rows::targetLength).max().orElse(0));
        long other = teacher.map(taught ->
                        taught.tensors().stream().mapToLong(ModelTensor::bytes).sum())
                .orElse(0L);
        StageDemand demand = StageDemand.of(model, other, trained, BEST_EPOCH, teaching);
        MemoryChoice choice = remembered(
                stage,
                new MemoryChoice(training.memory(), demand.with(batch, false), demand.with(batch, true), available()));
        if (training.memory() == Memory.AUTO && choice.chosen() == Memory.LOW) {
            events.notice(stage, choice.asked() == Memory.AUTO ? choice.reason() : "training.memory is low, as before");
        }
        if (choice.exceeds()) {
            events.notice(stage, choice.warning());
        }
        return choice;
    }

    /** What is free and what the process holds already. */
    private OptionalLong available() {
        if (session.device().isGpu()) {
            return OptionalLong.of(session.freeDeviceBytes());
        }
        OptionalLong free = AvailableMemory.ofMachine().bytes();
        return free.isEmpty() ? free : OptionalLong.of(free.getAsLong() + ProcessMemory.resident());
    }

    private MemoryChoice remembered(String stage, MemoryChoice choice) {
        if (choice.asked() != Memory.AUTO) {
            return choice;
        }
        ObjectNode known = RunDirectory.recorded(directory.path(), Fact.MEMORY)
                .map(text -> (ObjectNode) Json.parse(text, directory.path().resolve("memory.json")))
                .orElseGet(Json::object);
        if (known.has(stage)) {
            Memory before = Memory.valueOf(known.path(stage).asString().toUpperCase(Locale.ROOT));
            return new MemoryChoice(before, choice.fast(), choice.low(), choice.available());
        }
        known.put(stage, choice.chosen().name().toLowerCase(Locale.ROOT));
        directory.record(Fact.MEMORY, Json.pretty(known));
        return choice;
    }

    /** What was planned for a finished stage, and what is left of it. */
    static void report(ObjectNode facts, MemoryChoice choice, long left) {
        facts.put("memory", choice.chosen().name().toLowerCase(Locale.ROOT));
        facts.put("predicted_peak_bytes", choice.peak().total());
        facts.put("resident_after_bytes", left);
    }
}
