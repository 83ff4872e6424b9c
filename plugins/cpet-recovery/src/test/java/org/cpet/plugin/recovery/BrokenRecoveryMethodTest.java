package org.cpet.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.RecoveryMethodContract;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.recover.RecoveryMethodFactory;
import org.cpet.spi.recover.RecoveryModule;
import org.junit.jupiter.api.Test;

/** Breaks the bottleneck in one way after another and sees that the contract notices. */
class BrokenRecoveryMethodTest {
    /** The bottleneck, wrapped into something wrong each time it is attached. */
    private interface Broken extends RecoveryMethodContract<BottleneckOptions> {
        RecoveryModule breaking(RecoveryModule sound, ContractSession session, TransformerModel model);

        @Override
        default RecoveryMethodFactory<BottleneckOptions> factory() {
            return new BottleneckFactory();
        }

        @Override
        default List<ToySpec> toys() {
            return List.of(ToySpec.languageModel());
        }

        @Override
        default RecoveryModule attach(ContractSession session, TransformerModel model, long seed) {
            return breaking(RecoveryMethodContract.super.attach(session, model, seed), session, model);
        }
    }

    @Test
    void noticesAModuleThatIsNotTheIdentityAtStepZero() {
        Broken broken = (sound, session, model) -> {
            NDArray up = sound.parameters().get(1).value();
            session.ops().assign(up, up.onesLike());
            return sound;
        };

        fails(broken::attachingChangesNothingAtStepZero, "largest change of an output");
    }

    @Test
    void noticesAStraightThroughRoundingThatDoesNotSaySo() {
        Broken broken = (sound, session, model) -> {
            NDArray down = sound.parameters().get(0).value();
            NDArray up = sound.parameters().get(1).value();
            model.linears().get(0).add((x, mode) -> {
                NDArray h = x.matMul(down.transpose());
                NDArray rounded =
                        h.add(session.ops().detach(h.mul(4).round().div(4).sub(h)));
                return rounded.matMul(up.transpose());
            });
            return sound;
        };

        fails(broken::gradientsAgreeWithFiniteDifferences, "slope of the loss along toy.layer.0.attention.query");
    }

    @Test
    void noticesAModuleThatStaysWhenDetached() {
        Broken broken = (sound, session, model) -> new Wrapped(sound) {
            @Override
            public void detach() {}
        };

        fails(broken::detachingRestoresTheOutputsAndAttachingBringsThemBack, "outputs after detaching");
    }

    @Test
    void noticesAConfigThatLeavesOutAKey() {
        Broken broken = (sound, session, model) -> new Wrapped(sound) {
            @Override
            public Map<String, Object> config() {
                Map<String, Object> config = new LinkedHashMap<>(sound.config());
                config.remove("activation");
                return config;
            }
        };

        fails(broken::theConfigHoldsWhatARecipeWouldSay, "activation");
    }

    private static void fails(ThrowingCallable check, String... words) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class).message().contains(words);
    }

    /** Does what another module does, until a test overrides one of its methods. */
    private static class Wrapped implements RecoveryModule {
        final RecoveryModule sound;

        Wrapped(RecoveryModule sound) {
            this.sound = sound;
        }

        @Override
        public Map<String, Object> config() {
            return sound.config();
        }

        @Override
        public List<TrainableTensor> parameters() {
            return sound.parameters();
        }

        @Override
        public Map<String, NDArray> state() {
            return sound.state();
        }

        @Override
        public void load(Map<String, NDArray> state) {
            sound.load(state);
        }

        @Override
        public void attach() {
            sound.attach();
        }

        @Override
        public void detach() {
            sound.detach();
        }

        @Override
        public void close() {
            sound.close();
        }
    }
}
