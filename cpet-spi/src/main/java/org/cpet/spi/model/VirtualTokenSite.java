package org.cpet.spi.model;

import java.util.List;
import java.util.Optional;

/**
 * Where virtual tokens are put before those of a batch: the same for all rows, or for shares of the rows while several
 * adapters answer one batch. Not thread-safe.
 */
public final class VirtualTokenSite<T extends VirtualTokens> {
    private final String name;
    private Optional<T> tokens = Optional.empty();
    private List<RowShare<T>> shares = List.of();

    /** @param name of the module, for messages */
    public VirtualTokenSite(String name) {
        this.name = name;
    }

    /** Whether no row sees any. */
    public boolean isEmpty() {
        return tokens.isEmpty() && shares.isEmpty();
    }

    /** What all rows see. */
    public Optional<T> tokens() {
        return tokens;
    }

    /** Puts virtual tokens here; one kind at a time. */
    public void add(T added) {
        if (!isEmpty()) {
            throw new IllegalStateException(name + " has virtual tokens already");
        }
        tokens = Optional.of(added);
    }

    /** Takes virtual tokens away; they must be there. */
    public void remove(T removed) {
        if (tokens.isEmpty() || tokens.get() != removed) {
            throw new IllegalStateException(name + " has no such virtual tokens");
        }
        tokens = Optional.empty();
    }

    /** Gives neighbouring rows virtual tokens of their own until the list is empty again. */
    public void share(List<RowShare<T>> newShares) {
        if (tokens.isPresent()) {
            throw new IllegalStateException(name + " has virtual tokens already");
        }
        shares = List.copyOf(newShares);
    }

    /** What the rows of a batch see, in their order. */
    public List<RowShare<T>> of(int rows) {
        if (shares.isEmpty()) {
            return List.of(new RowShare<>(rows, tokens));
        }
        int shared = shares.stream().mapToInt(RowShare::rows).sum();
        if (shared != rows) {
            throw new IllegalStateException(name + " is shared by " + shared + " rows, not " + rows);
        }
        return shares;
    }
}
