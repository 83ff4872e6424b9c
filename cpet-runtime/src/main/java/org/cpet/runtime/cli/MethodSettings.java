package org.cpet.runtime.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a plugin's method on the command line. */
final class MethodSettings {
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "an option of the method as `cpet list` shows it; may be repeated")
    private List<String> given = new ArrayList<>();

    /** All that were given, and an option's own flag where it has one. */
    List<String> with(String key, @Nullable String value) {
        if (value != null) {
            given.add(key + "=" + value);
        }
        return given;
    }
}
