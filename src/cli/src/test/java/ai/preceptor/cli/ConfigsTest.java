package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.recipe.Recipe;
import ai.preceptor.cli.recipe.RunCommand;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every recipe in {@code configs}: read and checked as the command line in its own comment says. */
class ConfigsTest {
    private static final Pattern COMMAND = Pattern.compile("(?m)^# +\\./preceptor run (\\S+)(.*)$");

    /** Where the study's recipes leave and find what they make. */
    private static final String STUDY = "runs/study/";

    /** What stands for the words in capitals. */
    private static final Map<String, Path> STANDS_FOR = Map.of(
            "MODEL", Golden.dir("tiny-chat"),
            "REWARD", Golden.dir("models/llama-reward"),
            "TEACHER", Golden.dir("tiny-chat"),
            "ROWS", Golden.file("pairs.jsonl"),
            "PAIRS", Golden.file("pairs.jsonl"),
            "configs/self-rewarding.txt", ProjectRoot.find().resolve("configs/self-rewarding.txt"),
            "PROBLEMS", Golden.file("pairs.jsonl"),
            "HELDOUT", Golden.file("pairs.jsonl"),
            "configs/skills/steps.jsonl", ProjectRoot.find().resolve("configs/skills/steps.jsonl"),
            "TOOL", ProjectRoot.find().resolve("configs/skills/Calculator.java"));

    @TempDir
    Path directory;

    @Test
    @Tag("steps-in-java") // int8.yaml samples in Java, which is refused where Java does not compile for speed
    void everyRecipe_isAcceptedAsItsCommentCallsIt() throws IOException {
        List<Path> files = recipes();
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .contains(
                        "quickstart.yaml",
                        "iterative.yaml",
                        "seeds.yaml",
                        "judge.yaml",
                        "iterative-dpo.yaml",
                        "online-dpo.yaml",
                        "raft.yaml",
                        "rest-em.yaml",
                        "star.yaml",
                        "spin.yaml",
                        "self-rewarding.yaml",
                        "cyclealign.yaml",
                        "served-teacher.yaml",
                        "served-answers.yaml",
                        "smollm2-reward.yaml",
                        "smollm2-policy.yaml",
                        "smollm2-opd.yaml",
                        "smollm2-ppo.yaml",
                        "smollm2-dpo.yaml",
                        "smollm2-grpo.yaml",
                        "smollm2-distill.yaml",
                        "smollm2-context.yaml",
                        "smollm2-nlp.yaml",
                        "tools.yaml",
                        "process-reward.yaml");
        Path many = Files.writeString(
                directory.resolve("many.jsonl"),
                Files.readString(Golden.file("pairs.jsonl")).repeat(100));
        Path model = longContext();
        for (Path file : files) {
            Matcher command = COMMAND.matcher(Files.readString(file));
            assertThat(command.find()).as("%s says how it is run", file).isTrue();
            assertThat(ProjectRoot.find().resolve(command.group(1))).isEqualTo(file);
            Recipe recipe = new RunCommand(Stages.standard())
                    .read(afterTheOthers(file, many), arguments(command.group(2), many, model));
            assertThat(recipe.stages()).as("%s", file).isNotEmpty();
        }
    }

    /** A recipe of the study as it is read when those before it, which it names by their directories, have run. */
    private Path afterTheOthers(Path recipe, Path many) throws IOException {
        String text = Files.readString(recipe);
        if (!text.contains(STUDY)) {
            return recipe;
        }
        Path study = directory.resolve("study");
        if (!Files.exists(study)) {
            for (String model : List.of("gold/reward/model", "labels/proxy/model")) {
                link(study.resolve(model), Golden.dir("models/llama-reward"));
            }
            link(study.resolve("online/seed-1/rloo/model"), Golden.dir("tiny-chat"));
            for (String rows : List.of("pairs.jsonl.gz", "train.jsonl", "valid.jsonl", "heldout.jsonl")) {
                link(study.resolve("data").resolve(rows), many);
            }
            for (String rows : List.of("preferences.jsonl", "ranked.jsonl", "demonstrations.jsonl")) {
                link(study.resolve("labels/labels").resolve(rows), many);
            }
        }
        return Files.writeString(directory.resolve(recipe.getFileName().toString()), text.replace(STUDY, study + "/"));
    }

    private static void link(Path name, Path file) throws IOException {
        Files.createDirectories(name.getParent());
        Files.createSymbolicLink(name, file);
    }

    /** A key without a reason teaches nothing; keys that only name what is used need none. */
    @Test
    void everyRecipe_givesReasons() throws IOException {
        for (Path file : recipes()) {
            List<String> keys = Files.readAllLines(file).stream()
                    .filter(line -> line.matches(" {4}[a-z_]+: .*"))
                    .toList();
            long reasons = keys.stream().filter(line -> line.contains(" # ")).count();
            assertThat(reasons)
                    .as("%s: keys with a reason, of %d", file, keys.size())
                    .isGreaterThan(keys.size() / 2);
            assertThat(Files.readString(file)).as("%s says what it costs", file).contains("# Cost: ");
        }
    }

    /** The tiny model with a context as long as that of the models that recipes are for. */
    private Path longContext() throws IOException {
        Path model = Files.createDirectory(directory.resolve("model"));
        try (Stream<Path> files = Files.list(Golden.dir("tiny-chat"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName().toString()));
            }
        }
        Path config = model.resolve("config.json");
        String text = Files.readString(config);
        String longer = text.replaceFirst("(\"max_position_embeddings\": *)\\d+", "$12048");
        assertThat(longer).isNotEqualTo(text);
        Files.writeString(config, longer);
        return model;
    }

    /**
     * As they are written.
     *
     * @param many rows enough to hold out as many as recipes do
     * @param model with a long context
     */
    private List<String> arguments(String written, Path many, Path model) {
        List<String> arguments = new ArrayList<>(List.of("output=" + directory.resolve("out")));
        for (String word : written.strip().split(" +")) {
            if (word.contains("=")) {
                int equals = word.indexOf('=');
                Path stand = STANDS_FOR.get(word.substring(equals + 1));
                if (stand != null && stand.equals(Golden.file("pairs.jsonl"))) {
                    stand = many;
                }
                if (stand != null && stand.equals(Golden.dir("tiny-chat"))) {
                    stand = model;
                }
                arguments.add(stand == null ? word : word.substring(0, equals + 1) + stand);
            }
        }
        return arguments;
    }

    private static List<Path> recipes() throws IOException {
        try (Stream<Path> files = Files.walk(ProjectRoot.find().resolve("configs"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }
}
