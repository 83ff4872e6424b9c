package org.cpet.runtime.cli;

import java.util.Objects;
import org.cpet.spi.SpiVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version =
                Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "(not from a jar)");
        return new String[] {"cpet " + version + ", SPI " + SpiVersion.CURRENT + ", Java " + Runtime.version()};
    }
}
