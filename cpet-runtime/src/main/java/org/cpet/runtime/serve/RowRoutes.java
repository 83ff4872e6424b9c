package org.cpet.runtime.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.RowShare;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.model.VirtualTokenSite;
import org.cpet.spi.model.VirtualTokens;

/** Lets neighbouring rows of the batches to come have adapters of their own; closing takes everything out again. */
final class RowRoutes implements AutoCloseable {
    private final List<Runnable> undo = new ArrayList<>();

    private RowRoutes() {}

    /** @param model without any adapter attached */
    static RowRoutes open(TransformerModel model, List<Lane> lanes) {
        RowRoutes routes = new RowRoutes();
        model.linears().forEach(site -> routes.route(site, lanes));
        for (AttentionSite site : model.attentions()) {
            routes.share(
                    site.prefix(),
                    lanes,
                    parts -> Optional.ofNullable(parts.prefixes().get(site)));
        }
        model.embeddings()
                .map(EmbeddingSite::prompt)
                .ifPresent(site -> routes.share(site, lanes, AdapterParts::prompt));
        return routes;
    }

    private void route(LinearSite site, List<Lane> lanes) {
        RowPaths paths = new RowPaths(
                site.name(),
                lanes.stream()
                        .map(lane -> new RowPaths.Part(lane.rows(), lane.parts().paths(site)))
                        .toList());
        if (paths.hasInputs()) {
            site.addInput(paths);
            undo.add(() -> site.removeInput(paths));
        }
        if (paths.hasBypasses()) {
            site.add(paths);
            undo.add(() -> site.remove(paths));
        }
    }

    private <T extends VirtualTokens> void share(
            VirtualTokenSite<T> site, List<Lane> lanes, Function<AdapterParts, Optional<T>> part) {
        List<RowShare<T>> shares = lanes.stream()
                .map(lane -> new RowShare<>(lane.rows(), part.apply(lane.parts())))
                .toList();
        if (shares.stream().anyMatch(share -> share.tokens().isPresent())) {
            site.share(shares);
            undo.add(() -> site.share(List.of()));
        }
    }

    @Override
    public void close() {
        undo.forEach(Runnable::run);
        undo.clear();
    }
}
