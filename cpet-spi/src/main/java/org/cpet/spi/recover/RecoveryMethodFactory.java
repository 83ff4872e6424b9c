package org.cpet.spi.recover;

import org.cpet.spi.ExtensionFactory;

/** Service type of recovery methods. */
public interface RecoveryMethodFactory<O extends Record> extends ExtensionFactory<RecoveryMethod, O> {}
