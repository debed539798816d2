package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What can be wrong with what a person gives, in three tables: how the command ends, what it says, and that the same
 * command works in the same place once the fault is mended.
 */
class BrokenInputTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            learning_rat=1     | learning_rat: unknown key, found 1; nearest known key is learning_rate
            batch_size=four    | batch_size: expected an integer in [1, inf), found "four"
            max_steps=1.5      | max_steps: expected an integer in [1, inf), found 1.5
            max_steps=0        | max_steps: expected an integer in [1, inf), found 0
            num_train_epochs=0 | num_train_epochs: expected a number in (0,
            learning_rate=-1   | learning_rate: expected a number in (0, inf), found -1
            beta=nan           | beta: expected a number in (0, inf), found
            loss_type=dpoo     | loss_type: expected one of sigmoid,
            min_density_ratio=0.5 | min_density_ratio: unknown key, found 0.5
            dtype=BFLOAT16     | dtype: expected one of float32, bfloat16, found "BFLOAT16"; nearest is bfloat16
            dtype=float8       | dtype: expected one of float32, bfloat16, found "float8"; nearest is float32
            model=/no/model    | found "/no/model": it does not exist
            data=/no/pairs     | data: expected files of rows: a file, a folder, a glob such as "train-*.parquet", or a list of these, found "/no/pairs": it does not exist
            output=FILE/run    | FILE is a file
            output=/proc/run   | /proc/run: cannot be written
            device=cuda:7      | device: received "cuda:7", but this process sees 0 CUDA devices
            device=tpu         | device: expected
            words              | expected key=value or --key value, found "words"
            torn.yaml          | torn.yaml:2:1: not valid YAML
            missing.yaml       | missing.yaml: no such file
            """)
    void configuration_broken_isRefusedWithCode2(String word, String said) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Files.writeString(directory.resolve("torn.yaml"), "beta: [0.1\n");
        String broken =
                word.endsWith(".yaml") ? directory.resolve(word).toString() : word.replace("FILE", file.toString());
        List<String> words = new ArrayList<>(List.of("rank", broken));
        String key = broken.replaceFirst("=.*", "=");
        Stream.of("model=" + MODEL, "data=" + PAIRS, "output=" + directory.resolve("run"), "device=cpu", "max_steps=1")
                .filter(good -> !good.startsWith(key))
                .forEach(words::add);
        CommandRun run = CommandRun.exactly(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("preceptor rank: ").contains(said.replace("FILE", file.toString()));
        assertThat(run.out()).isEmpty();
    }

    @Test
    void configuration_severalFaults_areToldAtOnce() {
        CommandRun run = rank("nonsense=1", "beta=-1", "batch_size=0");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("3 problems", "nonsense: unknown key", "beta: expected", "batch_size: expected");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            torn weights     | model.safetensors | TORN                   | ends at byte 213248 of the data, but the file has only 197928: it is truncated
            a page of HTML   | model.safetensors | <html>404</html>       | not a safetensors file: the length of its header reads 3473469848023230524
            no weights       | model.safetensors | GONE                   | holds neither model.safetensors nor model.safetensors.index.json
            wrong shapes     | config.json       | `hidden_size": 64`     | model.norm.weight expected [640], found [64]
            torn config      | config.json       | {"model_type":         | config.json:1:15: not valid JSON
            no config        | config.json       | GONE                   | config.json
            unknown family   | config.json       | `_type": "llama`       | key "model_type": expected one of llama
            torn tokenizer   | tokenizer.json    | {"model"               | tokenizer.json: not valid JSON
            no tokenizer     | tokenizer.json    | GONE                   | holds no tokenizer.json
            broken template  | chat_template.jinja | {% for x in %}       | chat template, line 1: expected an expression, got '%}'
            """)
    void model_broken_isRefusedWithItsFile(String what, String name, String change, String said) throws IOException {
        Path model = directory.resolve("model");
        Files.createDirectories(model);
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName().toString()));
            }
        }
        Path file = model.resolve(name);
        byte[] good = Files.readAllBytes(file);
        switch (change) {
            case "GONE" -> Files.delete(file);
            case "TORN" -> Files.write(file, Arrays.copyOf(good, 200_000));
            default -> Files.writeString(file, changed(new String(good, StandardCharsets.ISO_8859_1), change));
        }
        CommandRun run = run("model=" + model, "data=" + PAIRS);
        boolean noDirectory = name.equals("config.json") && change.equals("GONE");
        assertThat(run.code()).as(run.err()).isEqualTo(noDirectory ? ExitCode.BAD_CONFIGURATION : ExitCode.BAD_DATA);
        assertThat(run.err()).contains(model.toString()).contains(said);
        Files.write(file, good);
        assertThat(run("model=" + model, "data=" + PAIRS).code()).isEqualTo(ExitCode.DONE);
    }

    /** What starts with a brace or a bracket is the whole file; else it is part of it, to which a 0 or a 9 is added. */
    private static String changed(String good, String change) {
        if ("{<".indexOf(change.charAt(0)) >= 0) {
            return change;
        }
        assertThat(good).contains(change);
        return good.replace(change, change + (change.endsWith("a") ? "9" : "0"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "NONE", textBlock = """
            no row        | NONE                                             | nothing to learn from: the file has no rows
            torn row      | {"prompt": "a", "chosen":                        | :1: expected one JSON object per line
            not JSON      | prompt,chosen,rejected                           | :1: expected one JSON object per line
            a list        | ["a", "b", "c"]                                  | :1: expected
            key missing   | {"prompt": "a", "chosen": "b"}                   | :1: key "rejected": missing; the row has the keys [prompt, chosen]
            wrong type    | {"prompt": 3, "chosen": "b", "rejected": "c"}    | :1: key "prompt": expected string or list of messages, found number 3
            empty prompt  | {"prompt": "", "chosen": "b", "rejected": "c"}   | :1: key "prompt": expected a prompt that asks something, found string ""
            ties only     | {"prompt": "a", "chosen": "b", "rejected": "b"}  | nothing to learn from: the only row dropped: chosen == rejected
            empty answers | {"prompt": "a", "chosen": "", "rejected": ""}    | nothing to learn from: the only row dropped: empty answer
            not UTF-8     | {"prompt": "ÿ", "chosen": "b", "rejected": "c"}  | :1: expected UTF-8, found byte 0xff at byte 13 of the line
            """)
    void data_broken_isRefusedWithItsLine(String what, String row, String said) throws IOException {
        Path data = directory.resolve("rows.jsonl");
        Files.writeString(data, row == null ? "" : row + "\n", StandardCharsets.ISO_8859_1);
        CommandRun run = run("model=" + MODEL, "data=" + data);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("rows.jsonl" + (said.startsWith(":") ? "" : ": ") + said);
        Files.copy(PAIRS, data, StandardCopyOption.REPLACE_EXISTING);
        assertThat(run("model=" + MODEL, "data=" + data).code()).isEqualTo(ExitCode.DONE);
    }

    /** A limit on the size of files is the nearest to a full disk that needs no rights: writes fail half way. */
    @Test
    void disk_full_endsWithCode2AndTheNextRunGoesOn() throws Exception {
        Path output = directory.resolve("run");
        List<String> words = List.of(
                "rank",
                "device=cpu",
                "threads=1",
                "model=" + MODEL,
                "data=" + PAIRS,
                "output=" + output,
                "max_steps=4",
                "save_steps=2",
                "batch_size=4");
        int blocks = 512; // 256 KiB: half of the model's weights
        ProgramProcess full = ProgramProcess.startWithSmallFiles(directory.resolve("full"), blocks, words);
        assertThat(full.end()).as(full.output()).isEqualTo(ExitCode.DISK_FAILED.number());
        assertThat(full.output())
                .contains("preceptor rank: " + output, "cannot be written", "File too large", "resume=true continues");
        assertThat(output.resolve("checkpoints/step-2")).doesNotExist();
        List<String> again = new ArrayList<>(words);
        again.add("resume=true");
        ProgramProcess next = ProgramProcess.start(directory.resolve("next"), List.of(), again);
        assertThat(next.end()).as(next.output()).isZero();
        assertThat(output.resolve("metrics.jsonl")).content().hasLineCount(4);
    }

    private CommandRun rank(String... more) {
        List<String> words = new ArrayList<>(List.of("model=" + MODEL, "data=" + PAIRS));
        words.addAll(List.of(more));
        return run(words.toArray(String[]::new));
    }

    private CommandRun run(String... more) {
        List<String> words = new ArrayList<>(List.of("rank", "output=" + directory.resolve("run"), "max_steps=1"));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }
}
