package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.cpet.spi.CpetException;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetMethodFactory;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.Test;

/** What every PET method holds. */
public interface PetMethodContract<O extends Record> extends TrainableContract<PetMethodFactory<O>, O, PetModule> {
    /** The targets of the checks, for methods whose recipe must name them. */
    @Override
    default Map<String, String> settings() {
        return OptionTexts.requires(factory().optionsType(), "target_modules")
                ? Map.of("target_modules", "[query, value, out]")
                : Map.of();
    }

    /**
     * Whether tensors of the method have rows or columns of the layers that narrowing cuts; false where all of them stay as
     * wide as the hidden states.
     */
    default boolean isCutByNarrowing() {
        return true;
    }

    @Override
    default PetModule attach(ContractSession session, TransformerModel model, long seed) {
        return factory().create(options(), session.context(seed)).attach(model);
    }

    @Override
    default ModulePlan plan(ContractSession session, ModelLayout layout) {
        return factory().create(options(), session.context(1)).plan(layout);
    }

    @Test
    default void inheritingFromTheSameModelGivesTheSameOutputs() {
        eachToy((session, model, batch) -> {
            PetModule taught = attach(session, model, 1);
            Contracts.nudge(session, taught, 2);
            try (ToyTransformer same = open(session, model.spec())) {
                PetModule inheriting = attach(session, same, 3);
                InheritanceReport report = inheriting.inherit(taught.state(), Lineage.of(same));

                assertThat(report.missed()).isEmpty();
                assertThat(report.sliced()).isEmpty();
                assertThat(report.coverage()).isEqualTo(1.0);
                assertThat(report.inherited())
                        .containsExactlyInAnyOrderElementsOf(inheriting.state().keySet());
                assertThat(Contracts.logits(session.ops(), same, batch, ForwardMode.EXACT))
                        .as("outputs after inheriting")
                        .containsExactly(Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT));
            }
        });
    }

    @Test
    default void inheritingAcrossNarrowingTakesTheKeptRowsAndColumns() {
        eachToy((session, model, batch) -> {
            PetModule taught = attach(session, model, 1);
            Contracts.nudge(session, taught, 2);
            try (ToyTransformer narrow = open(session, model.spec())) {
                narrow.halve();
                Lineage lineage = Lineage.of(narrow);
                PetModule inheriting = attach(session, narrow, 3);
                InheritanceReport report = inheriting.inherit(taught.state(), lineage);

                assertThat(report.missed()).isEmpty();
                assertThat(report.coverage()).isEqualTo(1.0);
                Slices.assertSliced(session, taught.state(), inheriting.state(), lineage, report);
                assertThat(report.sliced().isEmpty()).as("nothing was cut").isEqualTo(!isCutByNarrowing());
            }
        });
    }

    @Test
    default void inheritingAcrossNarrowingEqualsMergingBeforeIt() {
        eachToy((session, model, batch) -> {
            PetModule taught = attach(session, model, 1);
            Contracts.nudge(session, taught, 2);
            if (!taught.mergeable()) {
                return;
            }
            try (ToyTransformer narrow = open(session, model.spec())) {
                narrow.halve();
                attach(session, narrow, 3).inherit(taught.state(), Lineage.of(narrow));
                double[] inherited = Contracts.logits(session.ops(), narrow, batch, ForwardMode.EXACT);

                taught.merge();
                model.halve();

                // float32 sums in another order
                assertThat(Contracts.distance(
                                inherited, Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT)))
                        .as("distance to merging first and narrowing then")
                        .isLessThan(1e-5);
            }
        });
    }

    @Test
    default void whatNobodyTaughtIsMissedWithAReason() {
        eachToy((session, model, batch) -> {
            PetModule module = attach(session, model, 1);
            Map<String, String> before = Contracts.prints(module.state());
            InheritanceReport report = module.inherit(Map.of(), Lineage.of(model));

            assertThat(report.coverage()).as("coverage").isZero();
            assertThat(report.missed()).hasSameSizeAs(module.state().keySet());
            assertThat(Contracts.prints(module.state())).isEqualTo(before);
        });
    }

    @Test
    default void mergingKeepsTheOutputs() {
        eachToy((session, model, batch) -> {
            PetModule module = attach(session, model, 1);
            Contracts.nudge(session, module, 2);
            double[] attached = Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT);
            if (!module.mergeable()) {
                assertThatThrownBy(module::merge).isInstanceOf(CpetException.class);
                return;
            }
            module.merge();
            module.close();

            // float32 sums in another order
            assertThat(Contracts.distance(attached, Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT)))
                    .as("change of the outputs by merging")
                    .isLessThan(1e-5);
        });
    }

    @Test
    default void thePeftConfigReadsBackToTheSamePlan() {
        eachToy((session, model, batch) -> {
            Map<String, Object> config = attach(session, model, 1).peftConfig();
            if (config.isEmpty()) {
                return;
            }
            O read = factory().fromPeft(config).orElseThrow(() -> new AssertionError("not read: " + config));

            assertThat(factory().create(read, session.context(1)).plan(model.layout()))
                    .as("plan of the config read back")
                    .isEqualTo(plan(session, model.layout()));
        });
    }

    @Test
    default void anotherMethodsPeftConfigIsLeftAlone() {
        assertThat(factory().fromPeft(Map.of("peft_type", "NO_SUCH_METHOD"))).isEmpty();
    }
}
