package org.cpet.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.cpet.runtime.AdaptedModel;
import org.cpet.runtime.Cancellation;
import org.cpet.runtime.Cpet;
import org.cpet.runtime.Recipe;
import org.cpet.runtime.RunRequest;
import org.cpet.runtime.RunResult;
import org.cpet.spi.CpetException;
import org.cpet.spi.event.RunEvent;

/** What a larger system does with the runtime: everything through {@code org.cpet.runtime}. Prints facts for its test. */
public final class HostProgram {
    private HostProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        switch (arguments[1]) {
            case "life" -> life(folder);
            case "run" -> {
                try (Cpet cpet = Cpet.builder().build()) {
                    cpet.run(RunRequest.of(Recipe.file(folder.resolve("recipe.yaml")))
                            .to(folder.resolve(arguments[2])));
                }
            }
            case "cycles" -> cycles(folder, Integer.parseInt(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[1]);
        }
    }

    private static void life(Path folder) throws Exception {
        Recipe recipe = Recipe.file(folder.resolve("recipe.yaml"));
        AtomicLong steps = new AtomicLong();
        List<String> stages = new ArrayList<>();
        try (Cpet cpet = Cpet.builder()
                .device("cpu")
                .listener(event -> {
                    if (event instanceof RunEvent.StepCompleted) {
                        steps.incrementAndGet();
                    } else if (event instanceof RunEvent.StageStarted started) {
                        stages.add(started.stage());
                    }
                })
                .build()) {
            cpet.validate(recipe);
            RunResult result = cpet.run(RunRequest.of(recipe).to(folder.resolve("first")));
            RunResult again =
                    cpet.run(RunRequest.of(Recipe.text(Files.readString(folder.resolve("recipe.yaml")), folder))
                            .to(folder.resolve("second")));
            System.out.println(
                    "rows " + result.rows().size() + " " + again.rows().size());
            System.out.println("steps " + steps.get());
            System.out.println("stages " + stages);
            System.out.println("refused " + refusal(cpet, recipe.with("pet.r", 0)));
            System.out.println("cancelled " + cancelled(cpet, recipe, folder.resolve("third")));
            try (AdaptedModel model = cpet.load(result.directory(), "cpet")) {
                System.out.println("predicted "
                        + model.predict(List.of("film good scene")).get(0).label());
            }
        }
    }

    private static String refusal(Cpet cpet, Recipe recipe) {
        try {
            cpet.validate(recipe);
            return "nothing";
        } catch (CpetException e) {
            return e.exitCode() + " " + e.getMessage().lines().findFirst().orElse("");
        }
    }

    private static String cancelled(Cpet cpet, Recipe recipe, Path output) throws InterruptedException {
        Cancellation token = new Cancellation();
        Thread other = new Thread(token::cancel);
        other.start();
        other.join();
        try {
            cpet.run(RunRequest.of(recipe).to(output).stoppedBy(token));
            return "nothing";
        } catch (CpetException e) {
            return String.valueOf(e.exitCode());
        }
    }

    private static void cycles(Path folder, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            try (Cpet cpet = Cpet.builder().build()) {
                Recipe recipe = Recipe.objects(
                        Map.of(
                                "name", "cycle",
                                "model", Map.of("path", "model", "task", "seq_cls", "init", "random"),
                                "data",
                                        Map.of(
                                                "dataset", "jsonl",
                                                "train", "train.jsonl",
                                                "test", "test.jsonl",
                                                "fields", Map.of("text", "text", "label", "label")),
                                "pet", Map.of("type", "lora", "target_modules", List.of("query")),
                                "teacher",
                                        Map.of(
                                                "training",
                                                Map.of("learning_rate", 0.01, "max_steps", 2, "batch_size", 8))),
                        folder);
                cpet.run(RunRequest.of(recipe).to(folder.resolve("cycle")).existing(RunRequest.Existing.OVERWRITE));
            }
            System.gc();
            System.out.println("resident " + residentKib());
        }
    }

    private static long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
