package org.cpet.runtime.train;

import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.event.RunEvent;
import org.cpet.spi.event.RunListener;

/** Passes events on, on the run's thread. The run's own journal may fail the run; a listener never does. */
public final class Events {
    private final RunListener journal;
    private final List<RunListener> listeners;
    private final List<String> notices = new ArrayList<>();

    /**
     * Tells a journal and listeners.
     *
     * @param journal hears everything first; what it throws ends the run
     */
    public Events(RunListener journal, List<RunListener> listeners) {
        this.journal = journal;
        this.listeners = new ArrayList<>(listeners);
    }

    /** Tells everyone. */
    public void fire(RunEvent event) {
        journal.on(event);
        for (RunListener listener : List.copyOf(listeners)) {
            tell(listener, event);
        }
    }

    /** Something that must not pass in silence. */
    public void notice(String stage, String message) {
        notices.add(message);
        fire(new RunEvent.Notice(stage, message));
    }

    /** Every notice so far, each text once. */
    public List<String> notices() {
        return notices.stream().distinct().toList();
    }

    @SuppressWarnings("CatchingUnchecked") // the one place where a guest's failure is reported and passed over
    private void tell(RunListener listener, RunEvent event) {
        try {
            listener.on(event);
        } catch (Exception e) {
            listeners.remove(listener);
            notice(event.stage(), "listener " + listener.getClass().getName() + " failed and is left out; found " + e);
        }
    }
}
