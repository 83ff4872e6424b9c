package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.junit.jupiter.api.Test;

/**
 * What everything trainable holds. Plugin authors implement {@link PetMethodContract} or {@link RecoveryMethodContract}.
 *
 * @param <M> the module that attaching gives
 */
public interface TrainableContract<F extends ExtensionFactory<?, O>, O extends Record, M extends TrainableModule>
        extends ExtensionContract<F, O> {
    /** Puts a fresh module with the options of the checks into a model. */
    M attach(ContractSession session, TransformerModel model, long seed);

    /** The plan of the same. */
    ModulePlan plan(ContractSession session, ModelLayout layout);

    /** The models the checks run on. */
    default List<ToySpec> toys() {
        return List.of(ToySpec.classifier(), ToySpec.languageModel());
    }

    /** Opens such a model; methods that need one already compressed change it here. */
    default ToyTransformer open(ContractSession session, ToySpec spec) {
        return ToyTransformer.open(session, spec);
    }

    /** Whether a fresh module leaves the outputs as they are, to the bit. */
    default boolean startsWithoutEffect() {
        return true;
    }

    /**
     * The function whose slope the method's gradient is. The loss itself, unless the method rounds and passes gradients
     * straight through: then the smooth function it claims the gradient of. Asked first at the point of the gradient.
     */
    default NDArray differentiated(M module, TransformerModel model, TokenBatch batch) {
        return Contracts.loss(model, batch, ForwardMode.EXACT);
    }

    @Test
    default void attachingChangesNothingAtStepZero() {
        eachToy((session, model, batch) -> {
            double[] before = Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT);
            attach(session, model, 1);
            double[] after = Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT);

            if (startsWithoutEffect()) {
                assertThat(Contracts.distance(after, before))
                        .as("largest change of an output")
                        .isZero();
            } else {
                Contracts.assertFinite(after);
            }
        });
    }

    @Test
    default void gradientsAgreeWithFiniteDifferences() {
        for (ToySpec spec : toys()) {
            try (ContractSession session = ContractSession.openFloat64();
                    ToyTransformer model = open(session, spec.float64())) {
                TokenBatch batch = ToyBatch.of(session.manager(), spec, 1);
                M module = attach(session, model, 1);
                Contracts.nudge(session, module, 2);
                Contracts.gradients(session.ops(), () -> Contracts.loss(model, batch, ForwardMode.EXACT));

                for (TrainableTensor parameter : module.parameters()) {
                    assertThat(parameter.value().getDataType())
                            .as("%s in a float64 session; leaves come from ops.trainable", parameter.name())
                            .isEqualTo(DataType.FLOAT64);
                    Slopes.assertAgree(session, parameter, () -> differentiated(module, model, batch));
                }
            }
        }
    }

    @Test
    default void everyParameterHasANameAndAGradient() {
        eachToy((session, model, batch) -> {
            M module = attach(session, model, 1);
            Contracts.nudge(session, module, 2);
            Contracts.gradients(session.ops(), () -> Contracts.loss(model, batch, ForwardMode.EXACT));

            assertThat(module.parameters()).isNotEmpty();
            assertThat(module.parameters()).extracting(TrainableTensor::name).doesNotHaveDuplicates();
            for (TrainableTensor parameter : module.parameters()) {
                assertThat(parameter.value().getDataType()).as(parameter.name()).isEqualTo(DataType.FLOAT32);
                double[] gradient = Contracts.numbers(session.ops().gradient(parameter.value()));
                assertThat(Contracts.largest(gradient))
                        .as("gradient of %s", parameter.name())
                        .isPositive();
            }
        });
    }

    @Test
    default void thePlanCountsTheParameters() {
        eachToy((session, model, batch) -> {
            ModulePlan plan = plan(session, model.layout());
            M module = attach(session, model, 1);

            assertThat(plan.unmatched()).isEmpty();
            assertThat(plan.total())
                    .as("parameters planned")
                    .isEqualTo(module.parameters().stream()
                            .mapToLong(parameter -> parameter.value().size())
                            .sum());
        });
    }

    @Test
    default void theStateSavesAndLoadsToTheSameBytes() {
        eachToy((session, model, batch) -> {
            M trained = attach(session, model, 1);
            Contracts.nudge(session, trained, 2);
            double[] outputs = Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT);
            try (ToyTransformer other = open(session, model.spec())) {
                M loaded = attach(session, other, 3);
                loaded.load(trained.state());

                assertThat(Contracts.prints(loaded.state()))
                        .as("state after loading")
                        .isEqualTo(Contracts.prints(trained.state()));
                assertThat(Contracts.logits(session.ops(), other, batch, ForwardMode.EXACT))
                        .as("outputs after loading")
                        .containsExactly(outputs);
            }
        });
    }

    @Test
    default void loadingRefusesWhatDoesNotFit() {
        eachToy((session, model, batch) -> {
            M module = attach(session, model, 1);
            NDManager manager = session.manager();
            Map<String, NDArray> state = module.state();
            String name = state.keySet().iterator().next();
            Map<String, String> before = Contracts.prints(state);

            Map<String, NDArray> missing = new LinkedHashMap<>(state);
            missing.remove(name);
            Map<String, NDArray> unknown = new LinkedHashMap<>(state);
            unknown.put("no.such.tensor", manager.zeros(new Shape(1)));
            Map<String, NDArray> misshapen = new LinkedHashMap<>(state);
            misshapen.put(name, manager.zeros(new Shape(7, 7, 7)));

            for (Map<String, NDArray> wrong : List.of(missing, unknown, misshapen)) {
                assertThatThrownBy(() -> module.load(wrong)).isInstanceOf(InputException.class);
                assertThat(Contracts.prints(module.state())).isEqualTo(before);
            }
        });
    }

    @Test
    default void twoRunsWithOneSeedAgreeToTheBit() {
        eachToy((session, model, batch) -> {
            M first = attach(session, model, 5);
            List<Double> losses = Contracts.train(session, model, first, batch, 3);
            try (ToyTransformer again = open(session, model.spec())) {
                M second = attach(session, again, 5);

                assertThat(Contracts.train(session, again, second, batch, 3))
                        .as("losses of the second run")
                        .isEqualTo(losses);
                assertThat(Contracts.prints(second.state()))
                        .as("state after the second run")
                        .isEqualTo(Contracts.prints(first.state()));
            }
        });
    }

    @Test
    default void trainingLowersTheLoss() {
        eachToy((session, model, batch) -> {
            M module = attach(session, model, 1);
            List<Double> losses = Contracts.train(session, model, module, batch, 20);

            assertThat(losses.get(19)).as("loss after 19 steps").isLessThan(losses.get(0));
        });
    }

    @Test
    default void detachingRestoresTheOutputsAndAttachingBringsThemBack() {
        eachToy((session, model, batch) -> {
            double[] before = Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT);
            Map<String, String> weights = Contracts.prints(model.tensors());
            M module = attach(session, model, 1);
            Contracts.nudge(session, module, 2);
            Contracts.train(session, model, module, batch, 1);
            double[] trained = Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT);
            assertThat(Contracts.distance(trained, before))
                    .as("the module has an effect")
                    .isPositive();

            module.detach();
            assertThat(Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT))
                    .as("outputs after detaching")
                    .containsExactly(before);
            assertThat(Contracts.prints(model.tensors())).as("frozen tensors").isEqualTo(weights);

            module.attach();
            assertThat(Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT))
                    .as("outputs after attaching again")
                    .containsExactly(trained);
        });
    }

    @Test
    default void closingDetachesAndFrees() {
        eachToy((session, model, batch) -> {
            double[] before = Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT);
            int held = held(session, model);
            M module = attach(session, model, 1);
            Contracts.nudge(session, module, 2);
            module.close();

            assertThat(Contracts.logits(session.ops(), model, batch, ForwardMode.EXACT))
                    .as("outputs after closing")
                    .containsExactly(before);
            assertThat(held(session, model)).as("tensors held after closing").isEqualTo(held);
        });
    }

    /** One check on one model. */
    interface ToyCheck {
        void run(ContractSession session, ToyTransformer model, TokenBatch batch);
    }

    /** Runs a check on each toy in float32. */
    default void eachToy(ToyCheck check) {
        for (ToySpec spec : toys()) {
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = open(session, spec)) {
                check.run(session, model, ToyBatch.of(session.manager(), spec, 1));
            }
        }
    }

    private static int held(ContractSession session, TransformerModel model) {
        return session.manager().getManagedArrays().size()
                + model.manager().getManagedArrays().size();
    }
}
