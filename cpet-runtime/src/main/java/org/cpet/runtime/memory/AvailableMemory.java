package org.cpet.runtime.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Memory that this process can still take: what the machine has free or can free, and what the process's control groups
 * and those above them leave; the least of these. Versions 1 and 2 of Linux's control groups are read.
 *
 * @param root where the system's files lie; {@code /} but in tests
 */
public record AvailableMemory(Path root) {
    private static final String NO_LIMIT = "max";

    /** Of this machine. */
    public static AvailableMemory ofMachine() {
        return new AvailableMemory(Path.of("/"));
    }

    /** Bytes; empty where the system does not tell. */
    public OptionalLong bytes() {
        return LongStream.concat(free().stream(), groups().flatMapToLong(group -> left(group).stream()))
                .min();
    }

    private OptionalLong free() {
        return lines(root.resolve("proc/meminfo"))
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst();
    }

    /** The folders of this process's memory groups, from its own up to the topmost. */
    private Stream<Path> groups() {
        Path mounted = root.resolve("sys/fs/cgroup");
        return lines(root.resolve("proc/self/cgroup"))
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .flatMap(parts -> List.of(parts[1].split(",", -1)).contains("memory")
                        ? upwards(mounted.resolve("memory"), parts[2])
                        : parts[0].equals("0") ? upwards(mounted, parts[2]) : Stream.empty());
    }

    private static Stream<Path> upwards(Path top, String own) {
        // inside a container the path may be the host's, which is not there: the topmost group is then the own one
        List<Path> groups = new ArrayList<>();
        Path named = top.resolve(own.substring(1)).normalize();
        Path group = named.startsWith(top) ? named : top;
        while (group != null && group.startsWith(top)) {
            groups.add(group);
            group = group.getParent();
        }
        return groups.stream();
    }

    /** What a group leaves: its limit less what is used for other things than caches of files. */
    private static OptionalLong left(Path group) {
        OptionalLong limit = first(group, "memory.max", "memory.limit_in_bytes");
        OptionalLong used = first(group, "memory.current", "memory.usage_in_bytes");
        if (limit.isEmpty() || used.isEmpty()) {
            return OptionalLong.empty();
        }
        long cached = lines(group.resolve("memory.stat"))
                .filter(line -> line.startsWith("inactive_file ") || line.startsWith("active_file "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
        return OptionalLong.of(Math.max(0, limit.getAsLong() - Math.max(0, used.getAsLong() - cached)));
    }

    private static OptionalLong first(Path group, String... names) {
        return Stream.of(names)
                .flatMap(name -> lines(group.resolve(name)))
                .filter(text -> !text.equals(NO_LIMIT))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.isReadable(file) && !Files.isDirectory(file)
                    ? Files.readAllLines(file).stream()
                    : Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
