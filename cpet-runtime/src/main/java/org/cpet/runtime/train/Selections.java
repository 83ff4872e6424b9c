package org.cpet.runtime.train;

import java.nio.file.Path;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.KeptJson;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.estimate.Selection;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.TransformerModel;

/** What an estimation chose: as {@code selection.json}, and applied to a model. */
public final class Selections {
    private Selections() {}

    /** Removes from a model what was not chosen. */
    static void narrow(TransformerModel model, Selection selection) {
        for (AttentionSite block : model.attentions()) {
            int[] groups = selection.groups().get(block.name());
            if (groups != null && groups.length < block.groups()) {
                block.keepGroups(groups);
            }
        }
        for (FeedForwardSite block : model.feedForwards()) {
            int[] units = selection.units().get(block.name());
            if (units != null && units.length < block.units()) {
                block.keepUnits(units);
            }
        }
    }

    /** As one line of JSON. */
    static String write(Selection selection) {
        return Json.line(KeptJson.write(selection)) + "\n";
    }

    /** What the estimation of a run chose. */
    public static Selection recorded(Path run) {
        Path file = run.resolve("selection.json");
        return RunDirectory.recorded(run, RunDirectory.Fact.SELECTION)
                .map(text -> KeptJson.read(file, Json.parse(text, file)))
                .orElseThrow(() -> new CpetException(
                        ExitCode.RUN_DIRECTORY, run + " holds no selection.json, which its estimation wrote"));
    }
}
