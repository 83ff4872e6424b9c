package org.cpet.runtime.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cpet.spi.model.LinearSpec;

/**
 * A layer that some method of the recipe works on.
 *
 * @param shapes the layer in M and after each compressor
 * @param pet trainable parameters that P puts beside it, in C where there is one
 * @param recovery trainable parameters that R puts beside it
 */
public record ModuleLine(List<LinearSpec> shapes, long pet, long recovery) {
    public ModuleLine {
        shapes = List.copyOf(shapes);
    }

    /** The layer's name. */
    public String name() {
        return shapes.get(0).name();
    }

    /** What the layer does. */
    public String role() {
        return shapes.get(0).role().name().toLowerCase(Locale.ROOT);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name());
        json.put("role", role());
        json.put("shapes", shapes.stream().map(ModuleLine::json).toList());
        json.put("pet_parameters", pet);
        json.put("recovery_parameters", recovery);
        return json;
    }

    private static Map<String, Object> json(LinearSpec spec) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("shape", List.of(spec.out(), spec.in()));
        json.put("storage", spec.storage());
        json.put("bytes", spec.bytes());
        return json;
    }
}
