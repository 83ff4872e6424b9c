package org.cpet.plugin.pet;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;

/** Does what another module does, until a test overrides one of its methods with something wrong. */
class BrokenModule implements PetModule {
    final PetModule sound;

    BrokenModule(PetModule sound) {
        this.sound = sound;
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
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        return sound.inherit(taught, lineage);
    }

    @Override
    public boolean mergeable() {
        return sound.mergeable();
    }

    @Override
    public void merge() {
        sound.merge();
    }

    @Override
    public Map<String, Object> peftConfig() {
        return sound.peftConfig();
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
