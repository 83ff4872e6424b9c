package org.cpet.runtime.wiring;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.config.OptionValues;
import org.cpet.runtime.recipe.Configured;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.pet.PetMethod;

/** Whether a PET can take over what an imported adapter learnt: the same method, rank and scale, and all of its layers. */
final class TaughtPet {
    private static final Set<String> ONLY_IN_TRAINING =
            Set.of("lora_dropout", "dropout", "init", "init_text", "reparameterisation", "encoder_hidden_size");

    private static final Set<String> OF_FITS = Set.of("r", "lora_alpha", "use_rslora");

    private TaughtPet() {}

    /** @param fitted whether modules of another rank or scale are fitted to what was taught */
    static void requireSame(
            Path adapter,
            Configured<PetMethod> taught,
            Configured<PetMethod> pet,
            boolean fitted,
            ModelLayout layout,
            PluginContext context) {
        if (!taught.name().equals(pet.name())) {
            throw refused(adapter, "type", taught.name(), pet.name());
        }
        // with the same rank values are copied, which only the same scale gives a meaning
        boolean refitted = fitted && !value(taught, "r").equals(value(pet, "r"));
        for (OptionSpec spec : OptionSpec.of(pet.options().getClass())) {
            Optional<Object> before = OptionValues.value(taught.options(), spec);
            Optional<Object> now = OptionValues.value(pet.options(), spec);
            boolean same = before.equals(now)
                    || ONLY_IN_TRAINING.contains(spec.key())
                    || (refitted && OF_FITS.contains(spec.key()))
                    // many names choose the same layers
                    || (spec.key().endsWith("_modules") && covers(pet, taught, refitted, layout, context));
            if (!same) {
                throw refused(adapter, spec.key(), text(before), text(now));
            }
        }
    }

    private static Optional<Object> value(Configured<PetMethod> method, String key) {
        return OptionSpec.of(method.options().getClass()).stream()
                .filter(spec -> spec.key().equals(key))
                .findFirst()
                .flatMap(spec -> OptionValues.value(method.options(), spec));
    }

    /** Whether a PET puts at least what was taught at every layer that was; of another size where it is fitted. */
    private static boolean covers(
            Configured<PetMethod> pet,
            Configured<PetMethod> taught,
            boolean refitted,
            ModelLayout layout,
            PluginContext context) {
        Map<String, Long> now = pet.create(context).plan(layout).parameters();
        Map<String, Long> before = taught.create(context).plan(layout).parameters();
        return refitted
                ? now.keySet().containsAll(before.keySet())
                : now.entrySet().containsAll(before.entrySet());
    }

    private static String text(Optional<Object> value) {
        return value.map(Object::toString).orElse("none");
    }

    private static InputException refused(Path adapter, String key, String found, String allowed) {
        return new InputException(adapter + ": pet." + key + " of the teacher's adapter; found " + found + "; allowed "
                + allowed + ", as the recipe's pet has it, so that it can be inherited");
    }
}
