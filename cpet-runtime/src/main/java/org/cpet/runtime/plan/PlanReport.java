package org.cpet.runtime.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.spi.model.ModelLayout;

/**
 * What a recipe would do.
 *
 * @param layout M
 * @param sizes of M and of the model after each compressor
 * @param methods what each further size and shape stands after
 * @param rows of data, by use
 * @param notices what must not pass in silence
 */
public record PlanReport(
        ResolvedRecipe recipe,
        ModelLayout layout,
        List<LayoutSize> sizes,
        List<String> methods,
        List<ModuleLine> modules,
        Optional<DataRows> rows,
        List<StageCost> stages,
        List<String> notices) {
    public PlanReport {
        sizes = List.copyOf(sizes);
        methods = List.copyOf(methods);
        modules = List.copyOf(modules);
        stages = List.copyOf(stages);
        notices = List.copyOf(notices);
    }

    /** Rows by use; {@code labels} is 0 for free text. */
    public record DataRows(int train, int validation, int test, int labels) {}

    /** For a terminal. */
    public String text() {
        return PlanText.of(this);
    }

    /** For scripts: maps, lists, texts and numbers. */
    public Map<String, Object> document() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", recipe.name());
        json.put("recipe", recipe.yaml());
        json.put("model", model());
        rows.ifPresent(found -> json.put("data", data(found)));
        json.put("sizes", sizesByMethod());
        json.put("modules", modules.stream().map(ModuleLine::json).toList());
        json.put("stages", stages.stream().map(StageCost::json).toList());
        json.put(
                "rows",
                recipe.evaluation().compare().stream().map(row -> row.key()).toList());
        json.put("notices", notices);
        return json;
    }

    private Map<String, Object> model() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", recipe.model().path().toString());
        json.put("family", layout.family());
        json.put("task", layout.task().name().toLowerCase(Locale.ROOT));
        json.put("hidden_size", layout.hiddenSize());
        json.put("vocabulary", layout.vocabulary());
        return json;
    }

    private static Map<String, Object> data(DataRows rows) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("train", rows.train());
        json.put("validation", rows.validation());
        json.put("test", rows.test());
        json.put("labels", rows.labels());
        return json;
    }

    private List<Map<String, Object>> sizesByMethod() {
        List<Map<String, Object>> json = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            Map<String, Object> size = new LinkedHashMap<>();
            size.put("after", i == 0 ? "original" : methods.get(i - 1));
            size.put("parameters", sizes.get(i).parameters());
            size.put("bytes", sizes.get(i).bytes());
            json.add(size);
        }
        return json;
    }
}
