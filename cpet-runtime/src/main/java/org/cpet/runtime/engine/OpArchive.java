package org.cpet.runtime.engine;

import com.google.common.io.Resources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/**
 * Packs the readable source {@code ops.torchscript} into the archive that libtorch loads: an uncompressed zip with the
 * code, the format's version, and a pickle that says "an instance of Ops without attributes".
 */
final class OpArchive {
    private static final byte[] INSTANCE =
            "\u0080\u0002c__torch__\nOps\n)\u0081}b.".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] NO_CONSTANTS = "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1);

    private OpArchive() {}

    /** @param resource the text of the module's one class, Ops */
    static byte[] bytes(String resource) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, "ops/data.pkl", INSTANCE);
            put(zip, "ops/constants.pkl", NO_CONSTANTS);
            put(zip, "ops/version", ascii("10\n"));
            put(zip, "ops/byteorder", ascii("little"));
            put(zip, "ops/code/__torch__.py", source(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] source(String resource) throws IOException {
        try {
            return Resources.toByteArray(Resources.getResource(OpArchive.class, resource));
        } catch (IllegalArgumentException e) {
            throw new CpetException(ExitCode.BUG, "the resource " + resource + " is missing from cpet-runtime", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
