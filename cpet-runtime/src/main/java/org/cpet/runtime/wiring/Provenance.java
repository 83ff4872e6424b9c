package org.cpet.runtime.wiring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.checkpoint.Hashes;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.KernelProfile;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.plugin.Origin;
import org.cpet.runtime.recipe.DataSource;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.spi.InputException;
import org.cpet.spi.SpiVersion;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Where a result comes from: hashes of everything that went in, versions, machine. */
final class Provenance {
    private Provenance() {}

    /** What a result holds. */
    static ObjectNode of(
            ObjectNode inputs, EngineSession session, Optional<ClassLabels> labels, Map<String, JsonNode> stages) {
        ObjectNode json = inputs.deepCopy();
        labels.ifPresent(classes -> json.set("labels", Json.of(classes.labels())));
        json.set("versions", versions(session));
        json.set("machine", machine(session));
        ObjectNode done = json.putObject("stages");
        stages.forEach(done::set);
        return json;
    }

    /** Hashes of recipe, model, data and plugins. */
    static ObjectNode inputs(ResolvedRecipe recipe, ModelLineage model, List<Origin> plugins) {
        ObjectNode json = Json.object().put("recipe_sha256", Hashes.sha256(recipe.yaml()));
        json.setAll(files(recipe, model));
        ArrayNode jars = json.putArray("plugins");
        plugins.forEach(origin -> {
            ObjectNode jar = jars.addObject().put("file", origin.label()).put("sha256", origin.sha256());
            origin.version().ifPresent(version -> jar.put("version", version));
        });
        return json;
    }

    /** Hashes of model and data. */
    static ObjectNode files(ResolvedRecipe recipe, ModelLineage model) {
        ObjectNode json = Json.object();
        ObjectNode base = json.putObject("model").put("path", model.directory().toString());
        base.put("fingerprint", model.origin());
        for (String name : List.of("config.json", "tokenizer.json")) {
            Path file = model.directory().resolve(name);
            if (Files.isRegularFile(file)) {
                base.put(name, sha256(file));
            }
        }
        ObjectNode data = json.putObject("data");
        recipe.healing()
                .flatMap(healing -> healing.section().text())
                .ifPresent(file -> data.put(file.toString(), sha256(file)));
        recipe.source().stream().flatMap(DataSource::files).forEach(file -> data.put(file.toString(), sha256(file)));
        return json;
    }

    private static ObjectNode versions(EngineSession session) {
        String own = Provenance.class.getPackage().getImplementationVersion();
        return Json.object()
                .put("cpet", own == null ? "unreleased" : own)
                .put("spi", SpiVersion.CURRENT.toString())
                .put("libtorch", session.manager().getEngine().getVersion())
                .put("java", Runtime.version().toString());
    }

    private static ObjectNode machine(EngineSession session) {
        KernelProfile kernels = session.kernels();
        ObjectNode machine = Json.object()
                .put("processor", kernels.machine().processor())
                .put("device", kernels.machine().device())
                .put("threads", kernels.machine().threads())
                .put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return machine.put("int8_kernel", kernels.int8().key());
    }

    /** SHA-256 of a file in hexadecimal digits. */
    static String sha256(Path file) {
        MessageDigest digest = Hashes.sha256();
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
