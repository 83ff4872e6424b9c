package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.List;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.recipe.Paradigm;

/** Whether what {@code select} asks for is measured. */
final class SelectRules {
    private final StudyFile study;
    private final Problems problems;

    SelectRules(StudyFile study, Problems problems) {
        this.study = study;
        this.problems = problems;
    }

    void check(List<Variant> variants) {
        study.options().select().ifPresent(select -> {
            List<String> metrics = new ArrayList<>(study.recipe().evaluation().metrics());
            metrics.add("loss");
            if (!metrics.contains(select.metric())) {
                problems.add(
                        study.tree().place("select.metric"),
                        Message.unknown("select by a metric that is not measured", select.metric(), metrics));
            }
            boolean trained = select.row() != Paradigm.COMPRESSED && select.row() != Paradigm.INHERITED;
            boolean shown = variants.isEmpty()
                    || variants.stream().anyMatch(variant -> rows(variant).contains(select.row()));
            if (!trained || !shown) {
                problems.add(
                        study.tree().place("select.row"),
                        Message.of("select by a row that the study does not train")
                                .found(select.row().key())
                                .allowed("a trained row of the study: teacher, compressed_pet, cpet"));
            }
        });
    }

    private List<Paradigm> rows(Variant variant) {
        return variant.rows().isEmpty() ? study.recipe().evaluation().compare() : variant.rows();
    }
}
