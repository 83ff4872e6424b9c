package org.cpet.runtime.train;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.interop.AdapterFiles;
import org.cpet.runtime.interop.AdapterTensors;
import org.cpet.runtime.interop.Codecs;
import org.cpet.runtime.interop.InitialValues;
import org.cpet.runtime.interop.KeptShapes;

/** Task modules as adapter directories, and back. */
public final class StageAdapters {
    private final EngineSession session;
    private final Codecs codecs;
    private final String recoveryType;
    private final String base;
    private final InitialValues model;

    /**
     * Made for one base model.
     *
     * @param codecs for compressed adapters
     * @param recoveryType the recovery method's name
     * @param base fingerprint of the original model
     * @param model its tensors, where compressed adapters may start
     */
    public StageAdapters(
            EngineSession session, Codecs codecs, Optional<String> recoveryType, String base, InitialValues model) {
        this.session = session;
        this.codecs = codecs;
        this.recoveryType = recoveryType.orElse("");
        this.base = base;
        this.model = model;
    }

    /** The files of a module; none for a module without tensors. */
    Map<String, Contents> files(TaskModule module) {
        return module.parameters().isEmpty()
                ? Map.of()
                : AdapterFiles.of(
                        module.pet(),
                        module.classifier(),
                        module.recovery(),
                        KeptShapes.of(module.model(), module.pet()),
                        recoveryType,
                        base);
    }

    /** Fills a module: every tensor finds its place and every place its tensor. */
    public void load(Path directory, TaskModule module) {
        module.settle();
        try (AdapterTensors tensors = AdapterFiles.tensors(directory, session, codecs, model)) {
            module.pet().ifPresent(tensors::fill);
            tensors.fill(module.classifier());
            tensors.requireNoneLeft();
        }
        module.recovery().ifPresent(recovery -> {
            try (AdapterTensors tensors = AdapterFiles.recoveryTensors(directory, session, codecs)) {
                tensors.fill(recovery);
                tensors.requireNoneLeft();
            }
        });
    }
}
