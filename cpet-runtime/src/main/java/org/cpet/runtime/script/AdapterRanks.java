package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.pet.RankedPet;

/** Cuts a fresh PET to the ranks that an adapter's tensors have, module by module; its config has checked the scale. */
final class AdapterRanks {
    private AdapterRanks() {}

    static void match(PetModule module, Map<String, NDArray> tensors) {
        if (!(module instanceof RankedPet pet)) {
            return;
        }
        Map<String, int[]> ranks = new LinkedHashMap<>();
        boolean fewer = false;
        for (RankedPet.Part part : pet.parts()) {
            long fresh = part.down().value().getShape().get(0);
            NDArray saved = tensors.get(part.down().name());
            long held = saved == null ? fresh : Math.min(fresh, saved.getShape().get(0));
            fewer |= held < fresh;
            ranks.put(part.site().name(), IntStream.range(0, (int) held).toArray());
        }
        if (fewer) {
            pet.keepRanks(ranks);
        }
    }
}
