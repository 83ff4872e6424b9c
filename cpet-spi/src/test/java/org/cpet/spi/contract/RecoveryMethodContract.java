package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.recover.RecoveryMethodFactory;
import org.cpet.spi.recover.RecoveryModule;
import org.junit.jupiter.api.Test;

/** What every recovery method holds: above all, a fresh module changes nothing. */
public interface RecoveryMethodContract<O extends Record>
        extends TrainableContract<RecoveryMethodFactory<O>, O, RecoveryModule> {
    @Override
    default RecoveryModule attach(ContractSession session, TransformerModel model, long seed) {
        return factory().create(options(), session.context(seed)).attach(model);
    }

    @Override
    default ModulePlan plan(ContractSession session, ModelLayout layout) {
        return factory().create(options(), session.context(1)).plan(layout);
    }

    @Test
    default void theConfigHoldsWhatARecipeWouldSay() {
        eachToy((session, model, batch) -> {
            Map<String, Object> config = attach(session, model, 1).config();
            Set<String> keys = OptionTexts.keys(factory().optionsType());

            assertThat(config.keySet()).isEqualTo(keys);
            assertThat(attach(session, model, 2).config().toString())
                    .as("in a fixed order")
                    .isEqualTo(config.toString());
        });
    }
}
