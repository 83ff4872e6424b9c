package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.plan.RecipePlan;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.LayoutPlan;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.study.StudyOptions.Controls;
import org.cpet.runtime.study.Variant.Change;
import org.cpet.spi.model.ModulePlan;

/**
 * CPET's parameters spent otherwise (Table 4), without inheriting or distilling: a second, linear LoRA in place of
 * recovery; one LoRA of a larger rank; both replaced by non-linear bottlenecks; one non-linear bottleneck of a larger
 * rank. Larger means twice the rank where the paper describes it so, and at equal trainable parameters r · (P + R) / P,
 * since each parameter count is linear in the rank.
 */
final class ParameterControl {
    private static final int DEFAULT_RANK = 8;

    private final StudyFile study;
    private final PluginCatalog catalog;

    ParameterControl(StudyFile study, PluginCatalog catalog) {
        this.study = study;
        this.catalog = catalog;
    }

    List<Variant> all() {
        int rank = rank();
        LayoutPlan plan = RecipePlan.layouts(study.recipe(), catalog);
        int matched = matchedRank(
                rank,
                plan.petOnStudent().map(ModulePlan::total).orElseThrow(),
                plan.recovery().map(ModulePlan::total).orElseThrow());
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant("LoRA", size("-"), plain(), List.of(Paradigm.COMPRESSED_PET)));
        // both have CPET's parameters as the paper describes them
        variants.add(new Variant(
                "LoRA + LoRA",
                size("as described, matched"),
                with(List.of(study.change("recovery.activation", "identity"))),
                List.of(Paradigm.CPET)));
        large(variants, "large LoRA", rank, matched, List.of());
        variants.add(
                new Variant("Rec + Rec", size("as described, matched"), with(nonlinear()), List.of(Paradigm.CPET)));
        large(variants, "large Rec", rank, matched, nonlinear());
        variants.add(new Variant("CPET", size("-"), List.of(), List.of(Paradigm.CPET)));
        return variants;
    }

    private void large(List<Variant> variants, String name, int rank, int matched, List<Change> more) {
        Controls controls = study.options().controls();
        if (controls != Controls.PARAM_MATCHED) {
            variants.add(larger(name, "as described", 2 * rank, more));
        }
        if (controls != Controls.AS_DESCRIBED) {
            variants.add(larger(name, "matched", matched, more));
        }
    }

    private Variant larger(String name, String size, int rank, List<Change> more) {
        List<Change> changes = plain();
        changes.addAll(more);
        changes.add(study.change("pet.r", String.valueOf(rank)));
        return new Variant(name + ", r " + rank, size(size), changes, List.of(Paradigm.COMPRESSED_PET));
    }

    private List<Change> nonlinear() {
        return List.of(study.change("pet.type", study.options().nonlinear_pet()));
    }

    /** Neither inherits nor recovers nor distils, so that nobody needs to teach. */
    private List<Change> plain() {
        List<Change> changes = with(List.of());
        changes.add(study.without("recovery"));
        return changes;
    }

    private List<Change> with(List<Change> more) {
        List<Change> changes = new ArrayList<>(
                List.of(study.without("teacher"), study.without("inheritance"), study.without("distillation")));
        changes.addAll(more);
        return changes;
    }

    private static Map<String, String> size(String text) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("size", text);
        return settings;
    }

    private int rank() {
        return study.base()
                .find("pet.r")
                .filter(Scalar.class::isInstance)
                .map(node -> Integer.parseInt(((Scalar) node).text()))
                .orElse(DEFAULT_RANK);
    }

    /** The rank at which P alone has the parameters of P and R. */
    static int matchedRank(int rank, long pet, long recovery) {
        return (int) Math.round((double) rank * (pet + recovery) / pet);
    }
}
