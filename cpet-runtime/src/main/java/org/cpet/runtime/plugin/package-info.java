/**
 * Which methods exist. {@link org.cpet.runtime.plugin.PluginCatalog#discover} looks at the class path and at dropped
 * jars, checks versions and duplicates before any plugin class is loaded, and lists every extension with its origin.
 */
@NullMarked
package org.cpet.runtime.plugin;

import org.jspecify.annotations.NullMarked;
