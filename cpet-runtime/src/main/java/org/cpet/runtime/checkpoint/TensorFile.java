package org.cpet.runtime.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.runtime.engine.safetensors.PlainTensor;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.SafetensorsWriter;

/** Safetensors files in a run directory. */
public final class TensorFile {
    private TensorFile() {}

    /** These tensors as a safetensors file; the same values give the same bytes. */
    public static Contents of(Map<String, NDArray> tensors, Map<String, String> metadata) {
        return sink -> {
            try {
                SafetensorsWriter.write(new SinkChannel(sink), tensors, metadata);
            } catch (IOException e) {
                throw new UncheckedIOException(e); // the sink itself throws none
            }
        };
    }

    /** The same of tensors that no engine holds. */
    public static Contents of(List<PlainTensor> tensors, Map<String, String> metadata) {
        return sink -> {
            try {
                SafetensorsWriter.writePlain(new SinkChannel(sink), tensors, metadata);
            } catch (IOException e) {
                throw new UncheckedIOException(e); // the sink itself throws none
            }
        };
    }

    /** All tensors of a file; they belong to {@code manager} and may share the file's pages while it lies there. */
    public static Map<String, NDArray> read(Path file, EngineSession session, NDManager manager) {
        return read(SafetensorsFile.open(file), session, manager);
    }

    /** The same of a file whose header was read. */
    public static Map<String, NDArray> read(SafetensorsFile store, EngineSession session, NDManager manager) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorLoader loader = session.loader(store)) {
            store.tensors().keySet().forEach(name -> tensors.put(name, loader.load(name, manager)));
        }
        return tensors;
    }

    private record SinkChannel(Contents.Sink sink) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) {
            int count = bytes.remaining();
            sink.write(bytes);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
