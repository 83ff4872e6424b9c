package org.cpet.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.event.RunEvent;
import org.cpet.spi.event.RunListener;
import org.junit.jupiter.api.Test;

class EventsTest {
    private final List<RunEvent> heard = new ArrayList<>();

    @Test
    void aListenerThatThrowsIsReportedOnceAndLeftOut() {
        RunListener broken = event -> {
            throw new IllegalStateException("no disk");
        };
        Events events = new Events(event -> {}, List.of(broken, heard::add));
        events.fire(new RunEvent.StageStarted("teacher", 3));
        events.fire(new RunEvent.StageFinished("teacher", 1));
        assertThat(heard)
                .containsExactly(
                        new RunEvent.Notice(
                                "teacher",
                                "listener " + broken.getClass().getName()
                                        + " failed and is left out; found java.lang.IllegalStateException: no disk"),
                        new RunEvent.StageStarted("teacher", 3),
                        new RunEvent.StageFinished("teacher", 1));
    }

    @Test
    void whatTheJournalThrowsEndsTheRun() {
        Events events = new Events(
                event -> {
                    throw new IllegalStateException("disk full");
                },
                List.of(heard::add));
        assertThatThrownBy(() -> events.fire(new RunEvent.StageStarted("teacher", 3)))
                .hasMessage("disk full");
        assertThat(heard).isEmpty();
    }
}
