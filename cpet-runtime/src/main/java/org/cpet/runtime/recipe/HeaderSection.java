package org.cpet.runtime.recipe;

import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** What stands at the top of a recipe. */
public record HeaderSection(
        @Option(description = "name of the run and of its directory")
        String name,

        @Option(description = "seed of everything drawn at random", defaultValue = "42", min = 0)
        long seed) {
    public HeaderSection {
        Options.check(
                name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
                "name is not fit for a directory; found %s; allowed letters, digits, '.', '_' and '-', at most 100",
                name);
    }
}
