package org.cpet.runtime.evaluate;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Predictions as JSON lines: {@code line} of the data file, {@code text} (a list of two for a pair), {@code expected},
 * {@code predicted}, and {@code scores} by label.
 */
public final class PredictionLines {
    private PredictionLines() {}

    /**
     * One object a line.
     *
     * @param labels in class order, empty for free text
     */
    public static String of(List<Prediction> predictions, List<String> labels) {
        return predictions.stream().map(each -> line(each, labels) + "\n").collect(Collectors.joining());
    }

    private static String line(Prediction prediction, List<String> labels) {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("line", prediction.example().line());
        List<String> texts = prediction.example().texts();
        if (texts.size() == 1) {
            line.put("text", texts.get(0));
        } else {
            ArrayNode pair = line.putArray("text");
            texts.forEach(pair::add);
        }
        line.put("expected", prediction.example().label());
        line.put("predicted", prediction.predicted());
        if (!prediction.scores().isEmpty()) {
            ObjectNode scores = line.putObject("scores");
            for (int k = 0; k < labels.size(); k++) {
                scores.put(labels.get(k), prediction.scores().get(k));
            }
        }
        return JsonMapper.shared().writeValueAsString(line);
    }
}
