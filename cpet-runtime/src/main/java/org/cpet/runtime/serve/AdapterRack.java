package org.cpet.runtime.serve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.Nearest;
import org.cpet.spi.model.TransformerModel;

/**
 * Adapters of many tasks beside each other on one model. One of them is in use, or none; exchanging it moves references
 * only. Within {@link #mixed} every row has its own: paths before and beside layers, virtual tokens and heads share one
 * pass, in which the frozen layers multiply all rows at once; adapters that change the model's own tensors get a pass for
 * themselves. Not thread-safe.
 */
public final class AdapterRack implements AutoCloseable {
    /** The name that stands for the model without an adapter. */
    public static final String NONE = "";

    private final TransformerModel model;
    private final Map<String, ServedAdapter> adapters = new LinkedHashMap<>();
    private String selected = NONE;

    public AdapterRack(TransformerModel model) {
        this.model = model;
    }

    /** The model with the adapter in use. */
    public TransformerModel model() {
        return model;
    }

    /** The names, in the order in which adapters were added. */
    public List<String> names() {
        return List.copyOf(adapters.keySet());
    }

    /** Puts an adapter beside the others; what is in use stays. {@code make} must leave it attached or throw. */
    public void add(String name, Function<TransformerModel, ServedAdapter> make) {
        if (name.isBlank() || adapters.containsKey(name)) {
            throw new CpetException(
                    ExitCode.RECIPE, "name of an adapter; found '" + name + "'; allowed one that is not taken");
        }
        String before = selected;
        select(NONE);
        try {
            adapters.put(name, make.apply(model));
        } finally {
            select(before);
        }
    }

    /** Takes an adapter away and frees it. */
    public void remove(String name) {
        ServedAdapter adapter = adapter(name);
        if (selected.equals(name)) {
            select(NONE);
        }
        adapters.remove(name);
        adapter.close();
    }

    /** The adapter in use; {@link #NONE} for none. */
    public String selected() {
        return selected;
    }

    /** Uses another adapter, or none. */
    public void select(String name) {
        if (name.equals(selected)) {
            return;
        }
        Optional<ServedAdapter> next = name.equals(NONE) ? Optional.empty() : Optional.of(adapter(name));
        Optional.ofNullable(adapters.get(selected)).ifPresent(ServedAdapter::detach);
        next.ifPresent(ServedAdapter::attach);
        selected = name;
    }

    /** Classes of an adapter's own head; empty where the model's is used. */
    public Optional<Integer> labels(String name) {
        return name.equals(NONE) ? Optional.empty() : adapter(name).labels();
    }

    /** Virtual tokens that an adapter puts before a row. */
    public int virtualTokens(String name) {
        return name.equals(NONE) ? 0 : adapter(name).parts().virtualTokens();
    }

    /** Fails where there is no such adapter. */
    public void require(String name) {
        if (!name.equals(NONE)) {
            adapter(name);
        }
    }

    /**
     * Runs rows of several adapters.
     *
     * @param names the adapter of each row
     * @param pass runs the model over a batch of the rows it is given, in that order, and gives a result for each; logits of
     *     a head with fewer classes than another's end in zeros
     * @return the results in the order of {@code names}
     */
    public <T> List<T> mixed(List<String> names, Function<List<Integer>, List<T>> pass) {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        IntStream.range(0, names.size())
                .forEach(row -> groups.computeIfAbsent(names.get(row), name -> new ArrayList<>())
                        .add(row));
        List<T> results = new ArrayList<>(Collections.nCopies(names.size(), null));
        List<Integer> together = new ArrayList<>();
        List<Lane> lanes = new ArrayList<>();
        String before = selected;
        select(NONE);
        try {
            groups.forEach((name, rows) -> {
                AdapterParts parts =
                        name.equals(NONE) ? AdapterParts.NONE : adapter(name).parts();
                if (parts.mixes()) {
                    lanes.add(new Lane(rows.size(), parts));
                    together.addAll(rows);
                } else {
                    select(name);
                    put(results, rows, pass.apply(rows));
                    select(NONE);
                }
            });
            if (!together.isEmpty()) {
                try (RowRoutes routes = RowRoutes.open(model, lanes)) {
                    put(results, together, pass.apply(together));
                }
            }
        } finally {
            select(before);
        }
        return results;
    }

    private static <T> void put(List<T> results, List<Integer> rows, List<T> found) {
        if (found.size() != rows.size()) {
            throw new IllegalStateException("a pass over " + rows.size() + " rows gave " + found.size() + " results");
        }
        for (int i = 0; i < rows.size(); i++) {
            results.set(rows.get(i), found.get(i));
        }
    }

    private ServedAdapter adapter(String name) {
        ServedAdapter adapter = adapters.get(name);
        if (adapter == null) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "no such adapter; found '" + name + "'; allowed " + String.join(", ", adapters.keySet())
                            + Nearest.hint(name, adapters.keySet()));
        }
        return adapter;
    }

    /** Frees the adapters; the model stays. */
    @Override
    public void close() {
        select(NONE);
        adapters.values().forEach(ServedAdapter::close);
        adapters.clear();
    }
}
