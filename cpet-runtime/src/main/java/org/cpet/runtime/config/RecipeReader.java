package org.cpet.runtime.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.cpet.runtime.config.ConfigNode.Section;

/**
 * Reads recipes. YAML is kept to what cannot be misread: no anchors, aliases, merge keys, tags, directives, duplicate
 * keys or second document. Problems that leave a readable tree are collected; others end the reading at once.
 */
public final class RecipeReader {
    /** Largest recipe in bytes. */
    static final int MAX_BYTES = 256 * 1024;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Problems problems;

    /** @param problems where what is found wrong goes */
    public RecipeReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads a file; relative paths in it are resolved against its folder.
     *
     * @throws RecipeException when no tree can be made of it, with every problem so far
     */
    public ConfigTree read(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        String text = decode(file.toString(), bytes(file));
        return read(file.toString(), folder == null ? file.toAbsolutePath() : folder, text);
    }

    /**
     * Reads a text.
     *
     * @param source its name in messages
     * @param folder what relative paths are resolved against
     * @throws RecipeException when no tree can be made of it, with every problem so far
     */
    public ConfigTree read(String source, Path folder, String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw tooLarge(source);
        }
        String content = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        Section root = YamlTree.recipe(source, content, problems);
        return new ConfigTree(source, folder.toAbsolutePath().normalize(), root);
    }

    /**
     * Takes values from a program: maps with text keys, iterables, texts, numbers, booleans, paths, enums, null. A value
     * of another type is a problem.
     */
    public ConfigTree read(String source, Path folder, Map<String, ?> values) {
        Section root = new ObjectTree(source, problems).root(values);
        return new ConfigTree(source, folder.toAbsolutePath().normalize(), root);
    }

    /** Reads one value as it would stand in a recipe after a key; every part of it gets {@code place}. */
    public static ConfigNode value(Place place, String text, Problems problems) {
        return YamlTree.value(place, text, problems);
    }

    private byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw tooLarge(file.toString());
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw stop(Place.of(file.toString()), Message.of("the recipe file does not exist"));
        } catch (IOException e) {
            String reason = Files.isDirectory(file) ? "it is a directory" : String.valueOf(e.getMessage());
            throw stop(Place.of(file.toString()), Message.of("the recipe file cannot be read: " + reason));
        }
    }

    private String decode(String source, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw stop(Place.of(source), Message.of("the recipe is not valid UTF-8"));
        }
    }

    private RecipeException tooLarge(String source) {
        return stop(Place.of(source), Message.of("the recipe is too large").allowed("at most " + MAX_BYTES + " bytes"));
    }

    private RecipeException stop(Place place, Message message) {
        problems.add(place, message);
        return new RecipeException(problems.sorted());
    }
}
