package org.cpet.runtime.train;

import java.util.List;
import org.cpet.runtime.checkpoint.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Times of single products as a stage's facts hold them. */
final class ProductFacts {
    /** Where a stage's facts have them. */
    static final String KEY = "products";

    private ProductFacts() {}

    static void put(ObjectNode facts, List<Scorer.Product> products) {
        if (products.isEmpty()) {
            return;
        }
        ArrayNode list = facts.putArray(KEY);
        for (Scorer.Product product : products) {
            ObjectNode one = list.addObject()
                    .put("storage", product.storage())
                    .put("in", product.in())
                    .put("out", product.out())
                    .put("rows", product.rows());
            Json.put(one, "ms", product.millis()).put("dense", product.type());
            Json.put(Json.put(one, "dense_ms", product.denseMillis()), "int8_ms", product.int8Millis());
        }
    }
}
