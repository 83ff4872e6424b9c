package org.cpet.runtime.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.cpet.spi.InputException;

/** Opens DJL's binding of the tokenizers library so that it neither downloads nor reports anything. */
final class NativeTokenizer {
    private static final String OFFLINE = "ai.djl.offline";

    private NativeTokenizer() {}

    /**
     * The tokenizer without the truncation and padding that its file may ask for. Read from memory, because DJL takes
     * more settings from the files beside it when it is given a path.
     */
    static synchronized HuggingFaceTokenizer open(TokenizerFile file) {
        // DJL asks for this property when it loads the library and at every opening; a host's own value is kept
        boolean unset = System.getProperty(OFFLINE) == null;
        if (unset) {
            System.setProperty(OFFLINE, "true");
        }
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(file.json().getBytes(StandardCharsets.UTF_8)),
                    Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD"));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be read", e);
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
            throw new InputException(file.path() + ": not a usable tokenizer; found " + reason, e);
        } finally {
            if (unset) {
                System.clearProperty(OFFLINE);
            }
        }
    }
}
