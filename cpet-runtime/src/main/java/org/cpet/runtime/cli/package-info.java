/** The command line: each command is a few lines over the public API. Only this package prints and exits. */
@NullMarked
package org.cpet.runtime.cli;

import org.jspecify.annotations.NullMarked;
