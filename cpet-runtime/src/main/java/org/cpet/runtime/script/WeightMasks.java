package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Which weights of the layers that compressors touched are left, as a file. */
public final class WeightMasks {
    private WeightMasks() {}

    /** Writes {@code LAYER.mask}, uint8 [out, in], 1 where the weight is not zero. */
    public static void write(Path file, TransformerModel model, List<CompressionReport> reports, Ops ops) {
        Set<String> touched = reports.stream()
                .flatMap(report -> report.sites().stream())
                .map(SiteChange::name)
                .collect(Collectors.toSet());
        Ops.Scope scope = ops.scope();
        try (scope) {
            Map<String, NDArray> masks = new LinkedHashMap<>();
            for (LinearSite site : model.linears()) {
                if (touched.contains(site.name())) {
                    masks.put(site.name() + ".mask", site.op().weight().neq(0).toType(DataType.UINT8, true));
                }
            }
            TensorFiles.write(file, masks);
        }
    }
}
