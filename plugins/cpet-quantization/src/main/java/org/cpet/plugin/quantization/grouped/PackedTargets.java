package org.cpet.plugin.quantization.grouped;

import org.cpet.spi.OptionException;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;

/** The layers that methods for packed layers can do with. */
final class PackedTargets {
    private PackedTargets() {}

    /** How a layer's codes are held, as a plan sees it. */
    static GroupedForm form(String method, LinearSpec linear) {
        return GroupedForm.of(linear.storage()).orElseThrow(() -> notPacked(method, linear.name(), linear.storage()));
    }

    /** The layer of a model. */
    static GroupedLinear linear(String method, LinearSite site) {
        if (site.op() instanceof GroupedLinear linear) {
            return linear;
        }
        throw notPacked(method, site.name(), site.op().storage());
    }

    private static OptionException notPacked(String method, String layer, String storage) {
        String trained = method.equals(Peqa.NAME) ? "the scales" : "the codes";
        return new OptionException(method + " trains " + trained + " of packed layers; found " + storage + " in "
                + layer + "; allowed w2, w3, w4 or w8, made by rtn or gptq before it");
    }
}
