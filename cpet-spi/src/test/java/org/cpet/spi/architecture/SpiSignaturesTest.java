package org.cpet.spi.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Shows every change of the SPI as a change of a file; {@code -Dcpet.signatures=write} writes it anew. */
class SpiSignaturesTest {
    private static final Path FILE = Path.of("spi-signatures.txt");

    @Test
    void theSpiIsTheOneWrittenDown() throws IOException {
        String now = SpiSignatures.text();
        if ("write".equals(System.getProperty("cpet.signatures"))) {
            Files.writeString(FILE, now);
        }

        assertThat(Files.readString(FILE).lines())
                .as("the SPI changed; if that is meant, run mvn test -pl cpet-spi -Dtest=SpiSignaturesTest"
                        + " -Dcpet.signatures=write, and tell plugin authors in CHANGELOG.md")
                .containsExactlyElementsOf(now.lines().toList());
    }
}
