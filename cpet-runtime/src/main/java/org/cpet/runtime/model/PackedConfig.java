package org.cpet.runtime.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cpet.spi.InputException;
import org.cpet.spi.Nearest;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.PackedForm;
import org.cpet.spi.model.PackedFormat;
import org.cpet.spi.model.TransformerModel;

/**
 * The key {@code quantization_config} of a {@code config.json} of ours: which layers the files hold packed, and how.
 *
 * <pre>{"quant_method": "cpet", "formats": [{"format": "affine", "bits": 4, "layers": ["encoder.layer.0.q", ...]}]}</pre>
 */
final class PackedConfig {
    static final String KEY = "quantization_config";
    private static final String METHOD = "quant_method";
    private static final String OURS = "cpet";
    private static final String FORMATS = "formats";
    private static final String FORMAT = "format";
    private static final String LAYERS = "layers";

    private PackedConfig() {}

    /**
     * How one layer is packed.
     *
     * @param settings those of its format
     */
    record Packing(PackedFormat format, ModelConfig settings) {}

    /**
     * The packed layers by name; none where the config does not speak of any.
     *
     * @throws InputException when another program packed the directory, or with a format nobody here knows
     */
    static Map<String, Packing> read(ModelConfig config, List<PackedFormat> known) {
        Map<String, Packing> layers = new LinkedHashMap<>();
        config.object(KEY).ifPresent(packed -> {
            String method = packed.text(METHOD, "none");
            if (!method.equals(OURS)) {
                throw config.problem("'" + KEY + "." + METHOD + "'; found " + method + "; allowed " + OURS
                        + ", or a directory with dense weights");
            }
            for (Object entry : list(packed, FORMATS)) {
                ModelConfig settings = settings(config, entry);
                PackedFormat format = format(settings, known);
                list(settings, LAYERS).forEach(layer -> {
                    if (layers.put(String.valueOf(layer), new Packing(format, settings)) != null) {
                        throw config.problem("'" + KEY + "' names " + layer + " twice; allowed once");
                    }
                });
            }
        });
        return layers;
    }

    /** The value of the key for a model as it is; empty without packed layers. */
    static Map<String, Object> write(TransformerModel model) {
        Map<PackedForm, List<String>> layers = new LinkedHashMap<>();
        for (LinearSite site : model.linears()) {
            site.op()
                    .packed()
                    .ifPresent(form -> layers.computeIfAbsent(form, any -> new ArrayList<>())
                            .add(site.name()));
        }
        List<Object> formats = new ArrayList<>();
        layers.forEach((form, names) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put(FORMAT, form.format());
            entry.putAll(form.settings());
            entry.put(LAYERS, names);
            formats.add(entry);
        });
        Map<String, Object> value = new LinkedHashMap<>();
        if (!formats.isEmpty()) {
            value.put(METHOD, OURS);
            value.put(FORMATS, formats);
        }
        return value;
    }

    private static ModelConfig settings(ModelConfig config, Object entry) {
        if (!(entry instanceof Map<?, ?> map)) {
            throw config.problem("'" + KEY + "." + FORMATS + "'; found " + entry + "; allowed a list of objects");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((name, value) -> values.put(String.valueOf(name), value));
        return new ModelConfig(config.file(), values);
    }

    private static PackedFormat format(ModelConfig settings, List<PackedFormat> known) {
        String name = settings.text(FORMAT, "none");
        List<String> names = known.stream().map(PackedFormat::name).sorted().toList();
        return known.stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(() -> settings.problem("no plugin opens this format of packed layers; found " + name
                        + "; allowed " + String.join(", ", names) + Nearest.hint(name, names)));
    }

    private static List<?> list(ModelConfig config, String key) {
        Object value = config.values().get(key);
        if (value instanceof List<?> list && list.stream().allMatch(Objects::nonNull)) {
            return list;
        }
        throw config.problem("'" + key + "' of '" + KEY + "'; found " + value + "; allowed a list");
    }
}
