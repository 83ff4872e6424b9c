package org.cpet.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunReportTest {
    private static final JsonNode RESULT = JsonMapper.shared().readTree("""
            {"name": "a <small> run", "rows": [
              {"paradigm": "teacher", "metrics": {"accuracy": 0.9765}, "trainable_parameters": 24576,
               "model_bytes": 3783680, "latency_ms": 11.25},
              {"paradigm": "compressed_pet", "metrics": {"accuracy": null}, "trainable_parameters": 15360,
               "model_bytes": 352512}],
             "provenance": {"machine": {"int8_kernel": "linear_dynamic"}, "notices": ["7 of 1000 rows were cut"],
              "stages": {"teacher": {"exact_to_deployed": 0.0}, "compressed_pet": {"exact_to_deployed": 0.1390770}}}}
            """);
    private static final List<String> METRICS = List.of(
            "{\"stage\":\"teacher\",\"step\":10,\"loss\":0.7}",
            "{\"stage\":\"teacher\",\"step\":20,\"loss\":0.5}",
            "{\"stage\":\"teacher\",\"step\":30,\"loss\":\"NaN\"}",
            "{\"stage\":\"teacher\",\"step\":20,\"validation\":{\"accuracy\":0.9}}",
            "{\"stage\":\"compressed_pet\",\"step\":20,\"loss\":0.6}");

    private final String page = RunReport.html(RESULT, METRICS, "name: a <small> run\n");

    @Test
    void theTableIsAlignedForATerminal() {
        assertThat(ResultTable.text(RunReport.rows(RESULT))).isEqualTo("""
                paradigm          accuracy  trainable  model bytes    latency ms
                teacher              97.65     24,576    3,783,680         11.25
                compressed + PET         -     15,360      352,512  not measured
                """);
    }

    @Test
    void thePageShowsTableNoticesAndRecipe() {
        assertThat(page)
                .contains("<h1>a &lt;small&gt; run</h1>")
                .contains("<p class=\"notice\">7 of 1000 rows were cut</p>")
                .contains("<td>compressed + PET</td><td>-</td><td>15,360</td><td>352,512</td><td>not measured</td>")
                .contains("<pre>name: a &lt;small&gt; run\n</pre>");
    }

    @Test
    void thePageSaysHowFastPackedLayersAre() {
        JsonNode result = JsonMapper.shared().readTree("""
                {"name": "packed", "rows": [], "provenance": {"stages": {"compressed": {"products": [
                  {"storage": "w4g128", "in": 384, "out": 1536, "rows": 1, "ms": 0.9, "dense": "float32",
                   "dense_ms": 0.25, "int8_ms": 0.05},
                  {"storage": "int8", "in": 384, "out": 1536, "rows": 512, "ms": 1.5, "dense": "bfloat16",
                   "dense_ms": 2.125, "int8_ms": 1.5}]}}}}
                """);

        assertThat(RunReport.html(result, List.of(), "name: packed\n"))
                .contains(
                        "A layer [1536, 384] held as w4g128, one product of 1 row: 0.900 ms; dense in float32 0.250 ms,"
                                + " in int8 0.050 ms. No kernel here makes this form faster than the dense layer.</p>")
                .contains(
                        "A layer [1536, 384] held as int8, one product of 512 rows: 1.500 ms; dense in bfloat16 2.125 ms,"
                                + " in int8 1.500 ms.</p>")
                .doesNotContain("products");
    }

    @Test
    void thePageSaysWhichPathNumbersComeFrom() {
        assertThat(page)
                .contains("the deployed path, int8 kernel linear_dynamic. Training losses: the exact path.")
                .contains("Largest difference of a logit between the two: compressed + PET 0.139.");
    }

    @Test
    void nothingIsSaidOfPathsWhereNothingIsQuantised() {
        assertThat(MeasuredPaths.of(JsonMapper.shared().readTree("{\"stages\": {\"teacher\": {}}}")))
                .isEmpty();
    }

    @Test
    void everyPlotIsSoundAndDrawsEachStage() throws Exception {
        List<String> plots = Pattern.compile("(?s)<svg.*?</svg>")
                .matcher(page)
                .results()
                .map(match -> match.group())
                .toList();

        assertThat(plots).hasSize(2);
        assertThat(curves(plots.get(0))).isEqualTo(1);
        assertThat(curves(plots.get(1))).isEqualTo(2);
        assertThat(page).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void thePageLoadsNothing() {
        assertThat(page).doesNotContain("<script", "http:", "https:", "src=", "url(");
    }

    private static int curves(String svg) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        NodeList curves = document.getElementsByTagName("polyline");
        for (int i = 0; i < curves.getLength(); i++) {
            assertThat(curves.item(i).getAttributes().getNamedItem("points").getNodeValue())
                    .matches("-?[0-9.]+,-?[0-9.]+( -?[0-9.]+,-?[0-9.]+)*");
        }
        return curves.getLength();
    }
}
