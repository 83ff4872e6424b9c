package org.cpet.runtime.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Says how fast layers are as they are held, beside dense ones and 8 bits, and where that is no gain. */
final class PackedProducts {
    private PackedProducts() {}

    /** Sentences, none when all layers are dense. */
    static List<String> of(JsonNode provenance) {
        List<String> sentences = new ArrayList<>();
        for (JsonNode stage : provenance.path("stages")) {
            for (JsonNode product : stage.path("products")) {
                sentences.add(sentence(product));
            }
        }
        return sentences;
    }

    private static String sentence(JsonNode product) {
        double packed = product.path("ms").asDouble();
        double dense = product.path("dense_ms").asDouble();
        int rows = product.path("rows").asInt();
        String times = String.format(
                Locale.ROOT,
                "A layer [%d, %d] held as %s, one product of %d %s: %.3f ms; dense in %s %.3f ms, in int8 %.3f ms.",
                product.path("out").asInt(),
                product.path("in").asInt(),
                product.path("storage").asString(""),
                rows,
                rows == 1 ? "row" : "rows",
                packed,
                product.path("dense").asString(""),
                dense,
                product.path("int8_ms").asDouble());
        return packed <= dense ? times : times + " No kernel here makes this form faster than the dense layer.";
    }
}
