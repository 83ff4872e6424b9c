package org.cpet.plugin.models.bert;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;

/** Makes the family of {@code model_type: bert}. */
public final class BertFactory implements ModelFamilyFactory {
    @Override
    public String name() {
        return "bert";
    }

    @Override
    public String description() {
        return "BERT: sequence classification, or an encoder without a head";
    }

    @Override
    public ModelFamily create(NoOptions options, PluginContext context) {
        return new BertFamily(BertVariant.BERT);
    }
}
