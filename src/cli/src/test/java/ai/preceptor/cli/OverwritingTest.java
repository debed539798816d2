package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Section;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No command writes over what it reads, whatever way round the file system the two paths take. */
class OverwritingTest {
    private static final Set<PathKind> WRITTEN = EnumSet.of(PathKind.OUTPUT_FILE, PathKind.OUTPUT_DIRECTORY);

    @TempDir
    Path directory;

    private Path model;
    private Path data;
    private Path adapter;

    /** @param name as given on the command line */
    private record PathKey(String name, PathKind kind) {}

    @BeforeEach
    void copyInputs() throws IOException {
        model = copy(Golden.dir("tiny-chat"), "in/model");
        adapter = copy(Golden.dir("models/llama-lora").resolve("adapter"), "in/adapter");
        data = Files.copy(Golden.file("pairs.jsonl"), directory.resolve("in/data.jsonl"));
    }

    private Path copy(Path from, String to) throws IOException {
        Path copy = Files.createDirectories(directory.resolve(to));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    static Stream<String> commandsThatWrite() {
        return Commands.standard().names().stream()
                .filter(name -> !name.equals("run"))
                .filter(name -> keys(name).stream().anyMatch(key -> WRITTEN.contains(key.kind())));
    }

    @Test
    void everyPath_isDeclaredAsReadOrWritten() {
        assertThat(commandsThatWrite())
                .contains("elicit", "sft", "distill", "reward", "rank", "policy", "eval", "generate", "logprobs")
                .contains("score", "forward", "render", "convert");
        for (String name : Commands.standard().names()) {
            assertThat(keys(name)).as(name).extracting(PathKey::kind).doesNotContain(PathKind.ANY);
        }
    }

    @ParameterizedTest
    @MethodSource("commandsThatWrite")
    void everyOutput_thatIsAnInput_isRefused(String command) throws IOException {
        int checked = 0;
        for (PathKey output : keys(command)) {
            for (PathKey input : keys(command)) {
                if (!output.kind().isWritten() || !input.kind().isRead()) {
                    continue;
                }
                Path read = read(input.kind());
                Map<String, Path> targets = output.kind() == PathKind.OUTPUT_FILE ? files(read) : directories(read);
                for (Map.Entry<String, Path> target : targets.entrySet()) {
                    assertRefused(command, output.name(), target.getValue(), input.name(), read, target.getKey());
                    checked++;
                }
            }
        }
        assertThat(checked).as("pairs of paths of %s", command).isPositive();
    }

    private void assertRefused(String command, String output, Path target, String input, Path read, String how) {
        List<String> arguments = List.of(input + "=" + read, output + "=" + target);
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> Commands.standard().named(command).read(null, arguments));
        assertThat(refused).as("%s %s (%s)", command, arguments, how).isNotNull();
        assertThat(refused.getMessage().lines())
                .as("%s %s (%s)", command, arguments, how)
                .anyMatch(line -> line.contains(output + ": expected a path apart from all inputs, found \"" + target)
                        && line.contains(" " + input + " \"" + read + "\""));
    }

    /** What an output file may be told to be so that {@code read} is written over. */
    private Map<String, Path> files(Path read) throws IOException {
        Map<String, Path> targets = new LinkedHashMap<>();
        Path file = Files.isDirectory(read) ? firstFile(read) : read;
        targets.put("the file", file);
        targets.put(
                "round about",
                directory.resolve("in/../in").resolve(directory.resolve("in").relativize(file)));
        targets.put("symbolic link", link("symbolic.jsonl", file));
        targets.put("link to a link", link("twice.jsonl", directory.resolve("symbolic.jsonl")));
        Path hard = directory.resolve("hard.jsonl");
        Files.deleteIfExists(hard);
        targets.put("hard link", Files.createLink(hard, file));
        targets.put("linked directory", link("linked", file.getParent()).resolve(file.getFileName()));
        if (Files.isDirectory(read)) {
            targets.put("new file inside", read.resolve("new/answers.jsonl"));
            targets.put("link to nothing inside", link("nothing.jsonl", read.resolve("not-yet.jsonl")));
        }
        return targets;
    }

    /** What an output directory may be told to be so that {@code read} is written over. */
    private Map<String, Path> directories(Path read) throws IOException {
        Map<String, Path> targets = new LinkedHashMap<>();
        targets.put("holds it", directory.resolve("in"));
        targets.put("holds it from above", directory);
        targets.put("round about", directory.resolve("out/../in"));
        targets.put("linked", link("linked", directory.resolve("in")));
        if (Files.isDirectory(read)) {
            targets.put("the directory", read);
            targets.put("new directory inside", read.resolve("runs/new"));
            targets.put("inside by a link", link("linked-model", read).resolve("new"));
        }
        return targets;
    }

    private Path link(String name, Path target) throws IOException {
        Path link = directory.resolve(name);
        Files.deleteIfExists(link);
        return Files.createSymbolicLink(link, target);
    }

    private static Path firstFile(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }

    private Path read(PathKind kind) {
        return switch (kind) {
            case FILE, ROWS -> data;
            case ADAPTER -> adapter;
            default -> model;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "logprobs", "score", "render"})
    void run_outputThatIsData_isRefusedAndLeavesIt(String command) throws IOException {
        byte[] before = Files.readAllBytes(data);
        CommandRun run = CommandRun.of(command, "model=" + model, "data=" + data, "output=" + data);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("output: expected a path apart from all inputs", "which is data");
        assertThat(data).hasBinaryContent(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "logprobs", "score", "render"})
    void run_outputThatIsAShard_isRefusedAndLeavesIt(String command) throws IOException {
        Path shards = Files.createDirectories(directory.resolve("shards/more"));
        Path first = Files.copy(data, shards.resolveSibling("a.jsonl"));
        Path second = Files.copy(data, shards.resolve("b.jsonl"));
        Path link = link("other-name.jsonl", second);
        byte[] before = Files.readAllBytes(second);
        String folder = directory.resolve("shards").toString();
        for (String given : List.of(
                folder, folder + "/**.jsonl", folder + "/**/b.jsonl", "[" + first + ", " + second + "]", second + "")) {
            for (Path output : List.of(second, link, shards.resolve("../more/b.jsonl"))) {
                CommandRun run = CommandRun.of(command, "model=" + model, "data=" + given, "output=" + output);
                assertThat(run.code()).as(given + ": " + run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
                assertThat(run.err())
                        .as(given)
                        .contains("output: expected a path apart from all inputs, found \"" + output + "\"");
            }
        }
        CommandRun beside = CommandRun.of(
                command, "model=" + model, "data=" + folder, "output=" + directory.resolve("shards/new.jsonl"));
        assertThat(beside.err()).contains("lies in data \"" + folder + "\"");
        assertThat(second).hasBinaryContent(before);
    }

    @Test
    void read_baseOfAnAdapter_isAnInputToo() throws IOException {
        Path base = copy(Golden.dir("models/llama-lora").resolve("base"), "base");
        Path config = adapter.resolve("adapter_config.json");
        String text = Files.readString(config);
        Files.writeString(
                config,
                text.replace("\"base_model_name_or_path\": null", "\"base_model_name_or_path\": \"" + base + "\""));
        CommandRun run = CommandRun.of("generate", "model=" + adapter, "data=" + data, "output=" + base + "/x.jsonl");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("lies in model \"" + adapter + "\", by \"" + base + "\"");
    }

    @Test
    void read_filesBesideAGgufFile_areInputsToo_othersAreNot() throws IOException {
        Path gguf = Files.writeString(directory.resolve("in/a.gguf"), "GGUF", StandardCharsets.US_ASCII);
        Path tokenizer = Files.writeString(directory.resolve("in/tokenizer.json"), "{}");
        CommandRun refused = CommandRun.of("generate", "model=" + gguf, "data=" + data, "output=" + tokenizer);
        assertThat(refused.err()).contains("is model \"" + gguf + "\", by \"" + tokenizer + "\"");
        CommandRun other = CommandRun.of(
                "generate", "model=" + gguf, "data=" + data, "output=" + directory.resolve("in/answers.jsonl"));
        assertThat(other.err()).doesNotContain("a path apart");
    }

    /** Where the process writes may be a pipe, which has no path of its own. */
    @Test
    void read_standardOutput_isNoInput() {
        Path stdout = Path.of("/dev/stdout");
        assumeTrue(Files.exists(stdout), "a path for standard output");
        List<String> words = List.of("model=" + model, "data=" + data, "output=" + stdout);
        assertThat(Commands.standard().named("render").read(null, words)).isNotNull();
    }

    @Test
    void read_configurationFile_isNotWrittenOver() throws IOException {
        Path config = Files.writeString(
                directory.resolve("render.yaml"),
                "model: " + model + "\ndata: " + data + "\noutput: " + directory.resolve("render.yaml") + "\n");
        CommandRun run = CommandRun.of("render", config.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("render.yaml:3:", "is the configuration file \"" + config + "\"");
    }

    @Test
    void read_outputsThatAreOne_areRefused() {
        CommandRun run = CommandRun.of(
                "rank",
                "model=" + model,
                "data=" + data,
                "output=" + directory.resolve("out"),
                "reference_cache=" + directory.resolve("x/../out"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("reference_cache: expected a path of its own", "that of output");
    }

    @Test
    void read_recipeThatWouldWriteOverAnInput_isRefused() throws IOException {
        Path recipe = Files.writeString(
                directory.resolve("recipe.yaml"),
                "stages:\n  sft:\n    command: sft\n    model: " + model + "\n    data: " + data + "\n");
        CommandRun holds = CommandRun.exactly("run", recipe.toString(), "output=" + directory.resolve("in"));
        assertThat(holds.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(holds.err()).contains("output: expected a path apart", "holds stages.sft.model \"" + model + "\"");
        CommandRun inside = CommandRun.exactly("run", recipe.toString(), "output=" + model.resolve("run"));
        assertThat(inside.err()).contains("lies in stages.sft.model");
    }

    /** Every key of a command with a path, by reflection over its configuration. */
    private static List<PathKey> keys(String command) {
        List<PathKey> keys = new ArrayList<>();
        collect(Commands.standard().named(command).configuration(), "", keys);
        return keys;
    }

    private static void collect(Class<?> type, String prefix, List<PathKey> into) {
        for (RecordComponent component : type.getRecordComponents()) {
            Key key = component.getAnnotation(Key.class);
            String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            if (component.isAnnotationPresent(Group.class)) {
                collect(component.getType(), prefix, into);
            } else if (component.isAnnotationPresent(Section.class)) {
                collect(component.getType(), prefix + name + ".", into);
            } else if (key != null && component.getGenericType().getTypeName().contains("java.nio.file.Path")) {
                into.add(new PathKey(prefix + name, key.path()));
            }
        }
    }
}
