package org.cpet.plugin.models.bert;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;

/** Makes the family of {@code model_type: roberta}. */
public final class RobertaFactory implements ModelFamilyFactory {
    @Override
    public String name() {
        return "roberta";
    }

    @Override
    public String description() {
        return "RoBERTa: sequence classification, or an encoder without a head";
    }

    @Override
    public ModelFamily create(NoOptions options, PluginContext context) {
        return new BertFamily(BertVariant.ROBERTA);
    }
}
