package org.cpet.spi.data;

/** A known dataset: its file format, fields, labels and prompt. */
public interface TaskTemplate {
    TaskFields fields();
}
