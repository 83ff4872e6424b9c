package org.cpet.plugin.pet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cpet.plugin.pet.lora.LoraFactory;
import org.cpet.plugin.pet.lora.LoraOptions;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.PetMethodContract;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetMethodFactory;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.Test;

/** Breaks LoRA in one way after another and sees that the contract notices. */
class BrokenPetMethodTest {
    /** LoRA, wrapped into something wrong each time it is attached. */
    private interface BrokenLora extends PetMethodContract<LoraOptions> {
        PetModule breaking(PetModule sound, ContractSession session, TransformerModel model);

        @Override
        default PetMethodFactory<LoraOptions> factory() {
            return new LoraFactory();
        }

        @Override
        default List<ToySpec> toys() {
            return List.of(ToySpec.classifier());
        }

        @Override
        default PetModule attach(ContractSession session, TransformerModel model, long seed) {
            return breaking(PetMethodContract.super.attach(session, model, seed), session, model);
        }
    }

    @Test
    void noticesAStartThatIsNotZero() {
        BrokenLora broken = (sound, session, model) -> {
            NDArray up = sound.parameters().get(1).value();
            session.ops().assign(up, up.onesLike());
            return sound;
        };

        fails(broken::attachingChangesNothingAtStepZero, "largest change of an output");
    }

    @Test
    void noticesAGradientThatStopsHalfWay() {
        BrokenLora broken = (sound, session, model) -> {
            LinearSite first = model.linears().get(0);
            NDArray up = sound.parameters().get(1).value();
            NDArray down = sound.parameters().get(0).value();
            first.add((x, mode) ->
                    session.ops().detach(x.matMul(down.transpose())).matMul(up.transpose()));
            return sound;
        };

        fails(
                broken::gradientsAgreeWithFiniteDifferences,
                "slope of the loss along toy.layer.0.attention.query.lora_A.weight");
    }

    @Test
    void noticesALeafThatOpsDidNotMake() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            private final TrainableTensor narrow =
                    new TrainableTensor("own", session.manager().zeros(new Shape(1)));

            @Override
            public List<TrainableTensor> parameters() {
                return List.of(narrow);
            }
        };

        fails(broken::gradientsAgreeWithFiniteDifferences, "own in a float64 session; leaves come from ops.trainable");
    }

    @Test
    void noticesAParameterThatNothingUses() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            private final TrainableTensor idle = new TrainableTensor(
                    "idle", session.ops().trainable(session.manager().zeros(new Shape(2))));

            @Override
            public List<TrainableTensor> parameters() {
                List<TrainableTensor> all = new ArrayList<>(sound.parameters());
                all.add(idle);
                return all;
            }
        };

        fails(broken::everyParameterHasANameAndAGradient, "gradient of idle");
        fails(broken::thePlanCountsTheParameters, "parameters planned");
    }

    @Test
    void noticesANameGivenTwice() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public List<TrainableTensor> parameters() {
                return sound.parameters().stream()
                        .map(parameter -> new TrainableTensor("weight", parameter.value()))
                        .toList();
            }
        };

        fails(broken::everyParameterHasANameAndAGradient, "Found duplicate(s):");
    }

    @Test
    void noticesAPlanThatForgetsAFactor() {
        BrokenLora broken = new BrokenLora() {
            @Override
            public PetModule breaking(PetModule sound, ContractSession session, TransformerModel model) {
                return sound;
            }

            @Override
            public ModulePlan plan(ContractSession session, ModelLayout layout) {
                Map<String, Long> halves = new LinkedHashMap<>(
                        BrokenLora.super.plan(session, layout).parameters());
                halves.replaceAll((name, count) -> count / 2);
                return new ModulePlan(halves, List.of());
            }
        };

        fails(broken::thePlanCountsTheParameters, "parameters planned");
    }

    @Test
    void noticesAStateThatIsNotLoadedWhole() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public void load(Map<String, NDArray> state) {
                Map<String, NDArray> partly = new LinkedHashMap<>(sound.state());
                String name = partly.keySet().iterator().next();
                partly.put(name, state.get(name));
                sound.load(partly);
            }
        };

        fails(broken::theStateSavesAndLoadsToTheSameBytes, "state after loading");
    }

    @Test
    void noticesALoadThatTakesAnything() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public void load(Map<String, NDArray> state) {
                sound.state().forEach((name, tensor) -> {
                    NDArray value = state.get(name);
                    if (value != null && value.getShape().equals(tensor.getShape())) {
                        session.ops().assign(tensor, value);
                    }
                });
            }
        };

        fails(broken::loadingRefusesWhatDoesNotFit, "Expecting code to raise a throwable");
    }

    @Test
    void noticesChanceThatNoSeedControls() {
        AtomicInteger calls = new AtomicInteger();
        BrokenLora broken = (sound, session, model) -> {
            NDArray down = sound.parameters().get(0).value();
            session.ops().assign(down, down.mul(calls.incrementAndGet()));
            return sound;
        };

        fails(broken::twoRunsWithOneSeedAgreeToTheBit, "losses of the second run");
    }

    @Test
    void noticesTrainingThatChangesNothing() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            private final TrainableTensor idle = new TrainableTensor(
                    "idle", session.ops().trainable(session.manager().zeros(new Shape(2))));

            @Override
            public List<TrainableTensor> parameters() {
                return List.of(idle);
            }
        };

        fails(broken::trainingLowersTheLoss, "loss after 19 steps");
    }

    @Test
    void noticesAModuleThatStaysWhenDetached() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public void detach() {}
        };

        fails(broken::detachingRestoresTheOutputsAndAttachingBringsThemBack, "outputs after detaching");
    }

    @Test
    void noticesAModuleThatDoesNotComeBack() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public void attach() {}
        };

        fails(broken::detachingRestoresTheOutputsAndAttachingBringsThemBack, "outputs after attaching again");
    }

    @Test
    void noticesTensorsThatAreNotFreed() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public void close() {
                sound.detach();
            }
        };

        fails(broken::closingDetachesAndFrees, "tensors held after closing");
    }

    @Test
    void noticesThatOnlyOneFactorIsInherited() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
                sound.state().forEach((name, tensor) -> {
                    if (name.endsWith("lora_A.weight")) {
                        session.ops().assign(tensor, taught.get(name));
                    }
                });
                return new InheritanceReport(List.copyOf(sound.state().keySet()), List.of(), List.of());
            }
        };

        fails(broken::inheritingFromTheSameModelGivesTheSameOutputs, "outputs after inheriting");
    }

    @Test
    void noticesThatTheFirstRowsAreTakenInsteadOfTheKeptOnes() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
                Map<String, KeptIndices> first = new LinkedHashMap<>();
                lineage.linears().forEach((name, kept) -> first.put(name, firstOf(kept)));
                return sound.inherit(
                        taught,
                        new Lineage(first, lineage.groups(), lineage.units(), lineage.layers(), lineage.hidden()));
            }
        };

        fails(
                broken::inheritingAcrossNarrowingTakesTheKeptRowsAndColumns,
                "is the taught tensor at kept rows or columns");
        fails(broken::inheritingAcrossNarrowingEqualsMergingBeforeIt, "distance to merging first and narrowing then");
    }

    @Test
    void noticesInheritanceThatIsClaimedButNotDone() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
                return new InheritanceReport(List.copyOf(sound.state().keySet()), List.of(), List.of());
            }
        };

        fails(broken::whatNobodyTaughtIsMissedWithAReason, "coverage");
    }

    @Test
    void noticesAMergeThatOnlyDetaches() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public void merge() {
                sound.detach();
            }
        };

        fails(broken::mergingKeepsTheOutputs, "change of the outputs by merging");
    }

    @Test
    void noticesAPeftConfigThatMeansAnotherModule() {
        BrokenLora broken = (sound, session, model) -> new BrokenModule(sound) {
            @Override
            public Map<String, Object> peftConfig() {
                Map<String, Object> config = new LinkedHashMap<>(sound.peftConfig());
                config.put("r", 4);
                return config;
            }
        };

        fails(broken::thePeftConfigReadsBackToTheSamePlan, "plan of the config read back");
    }

    private static KeptIndices firstOf(KeptIndices kept) {
        return KeptIndices.all(kept.originalOut(), kept.originalIn())
                .rows(range(kept.rows().length))
                .columns(range(kept.columns().length));
    }

    private static int[] range(int count) {
        return IntStream.range(0, count).toArray();
    }

    private static void fails(ThrowingCallable check, String... words) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class).message().contains(words);
    }
}
