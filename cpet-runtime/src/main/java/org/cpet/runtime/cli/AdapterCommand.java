package org.cpet.runtime.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.adapter.AdapterWork;
import picocli.CommandLine.Command;

/** {@code cpet adapter}. */
@Command(
        name = "adapter",
        mixinStandardHelpOptions = true,
        description = "Makes adapters smaller, dense again, or one of several.",
        footer = {
            "",
            "Examples:",
            "  cpet adapter compress --adapter runs/sst2/adapter --density 0.05 --alpha 1 --output small",
            "  cpet adapter info small",
            "  cpet adapter merge --adapter small --adapter other --method ties --output merged"
        },
        subcommands = {
            CompressAdapterCommand.class,
            DecompressAdapterCommand.class,
            AdapterInfoCommand.class,
            MergeAdaptersCommand.class
        })
final class AdapterCommand {
    /** Facts on standard output: one document, or one a line. */
    static void print(Map<String, Object> facts, boolean json) {
        if (json) {
            System.out.println(Json.write(facts));
            return;
        }
        List<String> lines = new ArrayList<>();
        AdapterWork.lines(facts, lines);
        lines.forEach(System.out::println);
    }
}
