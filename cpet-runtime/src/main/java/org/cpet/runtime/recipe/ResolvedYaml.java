package org.cpet.runtime.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.config.OptionValues;
import org.cpet.runtime.config.YamlText;

/** The resolved recipe as YAML: every key with its value, sections in the paper's order, paths absolute. */
final class ResolvedYaml {
    private ResolvedYaml() {}

    static String of(BoundRecipe recipe, Optional<DataSource> source) {
        Map<String, Object> document =
                new LinkedHashMap<>(values(recipe.header().orElseThrow()));
        recipe.model().ifPresent(model -> document.put("model", values(model)));
        recipe.data().ifPresent(data -> document.put("data", data(data, source)));
        recipe.pet().ifPresent(pet -> document.put("pet", method(pet)));
        recipe.teacher().ifPresent(teacher -> document.put("teacher", values(teacher)));
        recipe.estimation().ifPresent(estimation -> document.put("estimation", method(estimation)));
        if (!recipe.compression().isEmpty()) {
            document.put("compression", entries(recipe.compression()));
        }
        recipe.healing().ifPresent(healing -> {
            Map<String, Object> keys = values(healing.section());
            keys.put("losses", entries(healing.losses()));
            document.put("healing", keys);
        });
        recipe.inheritance().ifPresent(inheritance -> document.put("inheritance", values(inheritance)));
        recipe.recovery().ifPresent(recovery -> document.put("recovery", method(recovery)));
        recipe.distillation().ifPresent(distillation -> document.put("distillation", method(distillation)));
        recipe.taskLoss().ifPresent(loss -> document.put("task_loss", method(loss)));
        recipe.training().ifPresent(training -> document.put("training", values(training)));
        Map<String, Object> evaluation = values(recipe.evaluation().orElseThrow());
        if (!recipe.metrics().isEmpty()) {
            evaluation.put("metrics", entries(recipe.metrics()));
        }
        document.put("evaluation", evaluation);
        document.put("export", values(recipe.export().orElseThrow()));
        if (!recipe.gates().isEmpty()) {
            document.put(
                    "gates", recipe.gates().stream().map(ResolvedYaml::values).toList());
        }
        return YamlText.of(document);
    }

    private static Map<String, Object> data(DataSection data, Optional<DataSource> source) {
        Map<String, Object> values = values(data);
        source.ifPresent(found -> {
            found.template().ifPresent(template -> values.putAll(values(template.options())));
            values.putAll(values(found.reader().options()));
        });
        return values;
    }

    private static Map<String, Object> method(Configured<?> method) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("type", method.name());
        values.putAll(values(method.options()));
        return values;
    }

    private static List<Object> entries(List<? extends Configured<?>> methods) {
        return methods.stream()
                .<Object>map(method -> Map.of(method.name(), values(method.options())))
                .toList();
    }

    private static Map<String, Object> values(Record options) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (OptionSpec spec : OptionSpec.of(options.getClass())) {
            OptionValues.value(options, spec).ifPresent(value -> values.put(spec.key(), plain(value)));
        }
        return values;
    }

    private static Object plain(Object value) {
        if (value instanceof Record nested) {
            return values(nested);
        }
        if (value instanceof List<?> items) {
            return items.stream().map(ResolvedYaml::plain).toList();
        }
        return value;
    }
}
