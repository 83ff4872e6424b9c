package org.cpet.spi.compress;

import java.util.List;
import org.cpet.spi.ExtensionFactory;
import org.cpet.spi.model.BlockFormat;
import org.cpet.spi.model.PackedFormat;

/** Service type of compressors. */
public interface CompressorFactory<O extends Record> extends ExtensionFactory<Compressor, O> {
    /** What opens the layers that this compressor packs, where model directories hold them packed. */
    default List<PackedFormat> formats() {
        return List.of();
    }

    /** What opens the FFN blocks that this compressor puts in, where model directories hold such. */
    default List<BlockFormat> blockFormats() {
        return List.of();
    }
}
