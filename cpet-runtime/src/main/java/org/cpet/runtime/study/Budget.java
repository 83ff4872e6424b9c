package org.cpet.runtime.study;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.cpet.runtime.study.StudyOptions.BudgetOptions;

/** How much of a study one command may do. */
final class Budget {
    private final Optional<BudgetOptions> options;
    private final LongSupplier nanoTime;
    private final long start;

    Budget(Optional<BudgetOptions> options, LongSupplier nanoTime) {
        this.options = options;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** Whether the cell of a number, from 1, is beyond what may be spent, now. */
    boolean spent(int number) {
        return options.flatMap(BudgetOptions::cells).map(most -> number > most).orElse(false)
                || options.flatMap(BudgetOptions::minutes)
                        .map(minutes -> nanoTime.getAsLong() - start >= minutes * 60e9)
                        .orElse(false);
    }
}
