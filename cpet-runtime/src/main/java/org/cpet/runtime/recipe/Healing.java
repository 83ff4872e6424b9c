package org.cpet.runtime.recipe;

import java.util.List;
import org.cpet.spi.loss.DistillationLoss;

/**
 * What a recipe says of healing.
 *
 * @param losses added up, each with its own α
 */
public record Healing(HealingSection section, List<Configured<DistillationLoss>> losses) {
    public Healing {
        losses = List.copyOf(losses);
    }
}
