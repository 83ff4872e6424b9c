package org.cpet.runtime.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.cpet.runtime.study.StudyOptions.BudgetOptions;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private final AtomicLong now = new AtomicLong(7);

    @Test
    void withoutABudgetNothingIsSpent() {
        Budget budget = new Budget(Optional.empty(), now::get);
        now.addAndGet(Long.MAX_VALUE / 2);

        assertThat(budget.spent(1_000_000)).isFalse();
    }

    @Test
    void theFirstCellsAreWithinIt() {
        Budget budget = new Budget(Optional.of(new BudgetOptions(Optional.empty(), Optional.of(3))), now::get);

        assertThat(budget.spent(3)).isFalse();
        assertThat(budget.spent(4)).isTrue();
    }

    @Test
    void minutesCountFromTheStart() {
        Budget budget = new Budget(Optional.of(new BudgetOptions(Optional.of(0.5), Optional.empty())), now::get);

        now.addAndGet(29_999_999_999L);
        assertThat(budget.spent(1)).isFalse();
        now.addAndGet(1);
        assertThat(budget.spent(1)).isTrue();
    }
}
