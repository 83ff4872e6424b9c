package org.cpet.spi.data;

import java.nio.file.Path;
import java.util.List;

/**
 * One example.
 *
 * @param texts one or two texts, or a prompt
 * @param label the class's label as the file writes it, or the completion
 */
public record Example(Path file, long line, List<String> texts, String label) {
    public Example {
        texts = List.copyOf(texts);
    }
}
