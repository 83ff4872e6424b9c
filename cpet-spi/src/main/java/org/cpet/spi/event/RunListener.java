package org.cpet.spi.event;

/** Hears what a run does, on the run's thread. A listener that throws is reported once and left out from then on. */
@FunctionalInterface
public interface RunListener {
    void on(RunEvent event);
}
