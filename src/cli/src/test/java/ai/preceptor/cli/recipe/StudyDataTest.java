package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.testkit.ProjectRoot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that writes the study's data, on made-up rows. */
class StudyDataTest {
    private static final String PAIR = "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say \\\"é\\\"\\n\\u0001\"}],"
            + " \"chosen\": [{\"role\": \"assistant\", \"content\": \"é\"}],"
            + " \"rejected\": [{\"role\": \"assistant\", \"content\": \"\\\\ no\"}],"
            + " \"chosen_model\": \"b\", \"rejected_model\": \"a\"}";
    private static final String ANNOTATION =
            "[\n{\"instruction\": \"Say \\\"\\u00e9\\\"\\n\\u0001\", \"price\": 1e-3,\n"
                    + "\"output_1\": \"\\\\ no\", \"output_2\": \"\\u00e9\", \"generator_1\": \"a\", \"generator_2\": \"b\",\n"
                    + "\"preference\": 2, \"referenced\": null, \"raw\": [true, {}]}";

    @TempDir
    static Path classes;

    private static URLClassLoader loader;
    private static Method program;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws Exception {
        Path source = ProjectRoot.find().resolve("configs/study/StudyData.java");
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-encoding", "UTF-8", "-d", classes.toString(), source.toString());
        assertThat(code).isZero();
        loader = new URLClassLoader(new URL[] {classes.toUri().toURL()});
        program = loader.loadClass("StudyData").getMethod("run", Path.class, Path.class, Path.class, PrintStream.class);
    }

    @AfterAll
    static void close() throws IOException {
        loader.close();
    }

    @Test
    void rowsOfTheStudy_areSplitByTheDigestOfTheirPrompt() throws Exception {
        List<String> prompts = prompts(270);
        writeRows(List.of(PAIR), prompts);
        String report = run();
        List<String> sorted = new ArrayList<>(prompts);
        sorted.sort((a, b) -> digest(text(a)).compareTo(digest(text(b))));
        assertThat(lines("heldout.jsonl")).isEqualTo(sorted.subList(0, 200));
        assertThat(lines("valid.jsonl")).isEqualTo(sorted.subList(200, 261));
        assertThat(lines("train.jsonl")).isEqualTo(sorted.subList(261, 270));
        assertThat(pairs()).isEqualTo(PAIR + "\n");
        assertThat(report)
                .contains("pairs.jsonl.gz: 1 rows, SHA-256 uncompressed " + digest(PAIR + "\n"))
                .contains("train.jsonl: 9 rows, SHA-256 uncompressed "
                        + digest(Files.readString(output().resolve("train.jsonl"))));
    }

    @Test
    void split_doesNotDependOnTheOrderOfRows() throws Exception {
        List<String> prompts = prompts(262);
        writeRows(List.of(PAIR), prompts);
        run();
        List<String> train = lines("train.jsonl");
        Collections.reverse(prompts);
        writeRows(List.of(PAIR), prompts);
        for (String file : List.of("pairs.jsonl.gz", "train.jsonl", "valid.jsonl", "heldout.jsonl")) {
            Files.delete(output().resolve(file));
        }
        run();
        assertThat(lines("train.jsonl")).isEqualTo(train);
    }

    @Test
    void annotations_giveTheRowsOfTheIndexInItsOrder() throws Exception {
        List<String> prompts = prompts(262);
        StringBuilder annotations = new StringBuilder(ANNOTATION);
        for (String prompt : prompts) {
            annotations.append(",\n").append(annotation(text(prompt), "1"));
        }
        annotations.append(",\n").append(annotation("a tie", "1.5"));
        writeAnnotations(annotations + "]");
        String second = "{\"prompt\": [{\"role\": \"user\", \"content\": \"prompt 7\"}],"
                + " \"chosen\": [{\"role\": \"assistant\", \"content\": \"x\"}],"
                + " \"rejected\": [{\"role\": \"assistant\", \"content\": \"y\"}],"
                + " \"chosen_model\": \"c\", \"rejected_model\": \"d\"}";
        writeIndex(List.of(second, PAIR, second), prompts);
        run();
        assertThat(pairs()).isEqualTo(second + "\n" + PAIR + "\n" + second + "\n");
        List<String> written = new ArrayList<>(lines("train.jsonl"));
        written.addAll(lines("valid.jsonl"));
        written.addAll(lines("heldout.jsonl"));
        assertThat(written).containsExactlyInAnyOrderElementsOf(prompts);
    }

    @Test
    void annotations_withoutARowOfTheIndex_areRefused() throws Exception {
        writeAnnotations(ANNOTATION + "]");
        writeIndex(List.of(PAIR, "another"), List.of());
        assertThatThrownBy(this::run)
                .hasMessageStartingWith(index() + ":2: no annotation in ")
                .hasMessageContaining(digest("another").substring(0, 16));
        assertThat(output()).doesNotExist();
    }

    @Test
    void unreadableAnnotations_areNamedByFileAndLine() throws Exception {
        Path file = writeAnnotations(ANNOTATION + ",\n{\"instruction\": }]");
        writeIndex(List.of(PAIR), List.of());
        assertThatThrownBy(this::run).hasMessage(file + ":5: unexpected \"}\"");
        writeAnnotations(ANNOTATION);
        assertThatThrownBy(this::run).hasMessage(file + ":4: unexpected end of JSON");
        writeAnnotations("[{\"preference\": one}]");
        assertThatThrownBy(this::run).hasMessage(file + ":1: unexpected one");
        writeAnnotations("[{\"preference\": 1}]");
        assertThatThrownBy(this::run).hasMessage(file + ":1: expected a text as instruction");
    }

    @Test
    void unreadableRow_isNamedByFileAndLine() throws Exception {
        List<String> prompts = prompts(262);
        prompts.set(2, "{\"prompt\": [");
        writeRows(List.of(PAIR), prompts);
        Path file = source().resolve("prompts.jsonl.gz");
        assertThatThrownBy(this::run).hasMessage(file + ":3: unexpected end of JSON");
        prompts.set(2, "{\"prompt\": \"text\"}");
        writeRows(List.of(PAIR), prompts);
        assertThatThrownBy(this::run).hasMessage(file + ":3: expected a prompt of one message");
    }

    @Test
    void missingFile_isNamed() throws Exception {
        writeRows(List.of(PAIR), prompts(262));
        Files.delete(source().resolve("prompts.jsonl.gz"));
        assertThatThrownBy(this::run)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(source().resolve("prompts.jsonl.gz").toString());
    }

    @Test
    void tooFewPrompts_areRefused() throws Exception {
        writeRows(List.of(PAIR), prompts(261));
        assertThatThrownBy(this::run).hasMessage(source() + ": expected more than 261 prompts, not 261");
    }

    @Test
    void outputThatExists_isKept() throws Exception {
        writeRows(List.of(PAIR), prompts(262));
        Path heldout = output().resolve("heldout.jsonl");
        Files.createDirectories(output());
        Files.writeString(heldout, "mine");
        assertThatThrownBy(this::run)
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage(heldout.toString());
        assertThat(heldout).hasContent("mine");
        assertThat(output().resolve("train.jsonl")).doesNotExist();
    }

    private String run() throws Exception {
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(report, false, StandardCharsets.UTF_8)) {
            program.invoke(null, source(), output(), index(), stream);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return report.toString(StandardCharsets.UTF_8);
    }

    private Path source() {
        return directory.resolve("source");
    }

    private Path output() {
        return directory.resolve("output");
    }

    private Path index() {
        return directory.resolve("rows.txt");
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(output().resolve(file));
    }

    private String pairs() throws IOException {
        try (GZIPInputStream stream = new GZIPInputStream(Files.newInputStream(output().resolve("pairs.jsonl.gz")))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> prompts(int count) {
        List<String> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prompts.add("{\"prompt\": [{\"role\": \"user\", \"content\": \"prompt " + i + "\"}]}");
        }
        return prompts;
    }

    private static String text(String prompt) {
        return prompt.substring(prompt.indexOf("prompt "), prompt.length() - 4);
    }

    private static String annotation(String instruction, String preference) {
        return "{\"instruction\": \"" + instruction + "\", \"output_1\": \"x\", \"output_2\": \"y\","
                + " \"generator_1\": \"c\", \"generator_2\": \"d\", \"preference\": " + preference + "}";
    }

    private void writeRows(List<String> pairs, List<String> prompts) throws IOException {
        Files.createDirectories(source());
        write(source().resolve("gpt4_pairs.jsonl.gz"), pairs);
        write(source().resolve("prompts.jsonl.gz"), prompts);
    }

    private static void write(Path file, List<String> rows) throws IOException {
        try (GZIPOutputStream stream = new GZIPOutputStream(Files.newOutputStream(file))) {
            stream.write((String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private Path writeAnnotations(String json) throws IOException {
        Path file = source().resolve("results/model/alpaca_eval_gpt4/annotations.json");
        Files.createDirectories(file.getParent());
        Files.createDirectories(source().resolve("results/unannotated"));
        return Files.writeString(file, json);
    }

    /** Two digests a line. */
    private void writeIndex(List<String> pairs, List<String> prompts) throws IOException {
        StringBuilder index = new StringBuilder("# pairs\n");
        for (List<String> rows : List.of(pairs, prompts)) {
            for (int i = 0; i < rows.size(); i++) {
                index.append(digest(rows.get(i)), 0, 16).append(i % 2 == 0 && i < rows.size() - 1 ? " " : "\n");
            }
            index.append("# prompts\n");
        }
        Files.writeString(index(), index);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
