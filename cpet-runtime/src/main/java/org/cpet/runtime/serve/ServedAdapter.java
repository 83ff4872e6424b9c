package org.cpet.runtime.serve;

import java.util.List;
import java.util.Optional;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TransformerModel;

/** What a task has put into a model: its modules, and a head of its own where it has one. */
public final class ServedAdapter implements AutoCloseable {
    private final List<TrainableModule> modules;
    private final Optional<AdapterHead> head;
    private final AdapterParts parts;

    private ServedAdapter(List<TrainableModule> modules, Optional<AdapterHead> head, AdapterParts parts) {
        this.modules = modules;
        this.head = head;
        this.parts = parts;
    }

    /** Takes over modules that are attached to a model, alone; detaches them. The model's own head answers. */
    public static ServedAdapter of(TransformerModel model, List<? extends TrainableModule> attached) {
        return of(model, attached, Optional.empty());
    }

    /** Takes over modules that are attached to a model, alone; detaches them. */
    static ServedAdapter of(
            TransformerModel model, List<? extends TrainableModule> attached, Optional<AdapterHead> head) {
        List<TrainableModule> modules = List.copyOf(attached);
        modules.forEach(TrainableModule::detach);
        List<Object> before = AdapterParts.values(model);
        head.ifPresent(AdapterHead::attach);
        modules.forEach(TrainableModule::attach);
        AdapterParts parts = AdapterParts.of(model, before);
        ServedAdapter adapter = new ServedAdapter(modules, head, parts);
        adapter.detach();
        return adapter;
    }

    /** Classes of its own head. */
    Optional<Integer> labels() {
        return head.map(AdapterHead::labels);
    }

    /** What it puts into the model's sites. */
    AdapterParts parts() {
        return parts;
    }

    void attach() {
        head.ifPresent(AdapterHead::attach);
        modules.forEach(TrainableModule::attach);
    }

    void detach() {
        modules.forEach(TrainableModule::detach);
        head.ifPresent(AdapterHead::detach);
    }

    @Override
    public void close() {
        modules.forEach(TrainableModule::close);
        head.ifPresent(AdapterHead::close);
    }
}
