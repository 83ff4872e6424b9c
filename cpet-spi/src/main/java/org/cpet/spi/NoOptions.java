package org.cpet.spi;

/** The options of an extension that has none. */
public record NoOptions() {}
