package org.cpet.spi.compress;

import java.util.Collection;
import java.util.regex.Pattern;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.LinearSpec;

/**
 * Which layers a compressor takes, by how they are held: what makes an order of a recipe's compressors possible or not.
 * Each compressor states its rule once and checks it in its plan, so that a wrong order is found before weights are read.
 *
 * @param method the compressor's name
 * @param storages matches every {@link LinearSpec#storage} that it takes
 */
public record StorageRule(String method, Pattern storages) {
    private static final String DENSE = "float(16|32|64)|bfloat16";

    /** Floating-point weights: for what reads magnitudes, or packs. */
    public static StorageRule dense(String method) {
        return new StorageRule(method, Pattern.compile(DENSE));
    }

    /**
     * Weights whose rows and columns can go anywhere: dense ones, and codes with one scale for a whole row. A scale for a group
     * of columns ties them together.
     */
    public static StorageRule movable(String method) {
        return new StorageRule(method, Pattern.compile(DENSE + "|int8|w[2-8]"));
    }

    /** The same, where columns go in whole runs of {@code run}: groups of columns that fit into a run may be there, too. */
    public StorageRule inRunsOf(int run) {
        StringBuilder fitting = new StringBuilder(storages.pattern());
        for (int group = 1; group <= run; group++) {
            if (run % group == 0) {
                fitting.append("|w[2-8]g").append(group);
            }
        }
        return new StorageRule(method, Pattern.compile(run % 64 == 0 ? fitting + "|nf4.*" : fitting.toString()));
    }

    /**
     * Refuses the first layer that is held another way.
     *
     * @throws CpetException that says which and what to do
     */
    public void check(Collection<LinearSpec> layers) {
        layers.stream()
                .filter(layer -> !storages.matcher(layer.storage()).matches())
                .findFirst()
                .ifPresent(layer -> {
                    throw new CpetException(
                            ExitCode.RECIPE,
                            method + " after " + layer.storage() + ": layer " + layer.name() + " is held as "
                                    + layer.storage() + "; put " + method + " before it, or leave one of them out");
                });
    }
}
