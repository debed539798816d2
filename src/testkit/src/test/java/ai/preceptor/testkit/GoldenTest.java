package ai.preceptor.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

class GoldenTest {

    static Stream<String> bundled() {
        return Stream.concat(
                Golden.families().stream(),
                Stream.of("tiny-chat", "tiny-teacher", "models/llama-reward", "models/llama-lora/base"));
    }

    @ParameterizedTest
    @MethodSource("bundled")
    void dir_bundledModel_isARealDirectoryWithWeights(String name) {
        Path dir = Golden.dir(name);
        assertThat(dir.startsWith(ProjectRoot.find().resolveSibling("shared"))).isFalse();
        assertThat(dir.resolve("config.json")).isRegularFile();
        assertThat(dir.resolve("model.safetensors")).isRegularFile();
    }

    @Test
    void lines_pairs_hasEveryRow() {
        List<JsonNode> rows = Golden.lines("pairs.jsonl");
        assertThat(rows)
                .hasSize(24)
                .allSatisfy(row -> assertThat(row.has("chosen")).isTrue());
    }

    @Test
    void json_curves_startAtLogTwo() {
        double first =
                Golden.json("trl_curves.json").at("/dpo~1sigmoid/steps/0/loss").doubleValue();
        assertThat(first).isCloseTo(Math.log(2), org.assertj.core.data.Offset.offset(1e-6));
    }

    @Test
    void doubles_misspeltPath_fails() {
        JsonNode json = Golden.json("reference_losses.json");
        assertThatThrownBy(() -> Golden.doubles(json.path("no such key")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected a list of numbers");
        assertThatThrownBy(() -> Golden.floats(GoldenJson.parse("[1, \"2\"]", "here")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("found \"2\"");
    }

    @Test
    void numbers_ofAList_areConverted() {
        JsonNode list = GoldenJson.parse("[1, 2.5, -3]", "here");
        assertThat(Golden.doubles(list)).containsExactly(1.0, 2.5, -3.0);
        assertThat(Golden.floats(list)).containsExactly(1f, 2.5f, -3f);
        assertThat(Golden.ints(list)).containsExactly(1, 2, -3);
    }

    @Test
    void shared_missingFile_skipsTheTestAndSaysWhy() {
        assertThatThrownBy(() -> Golden.shared("no/such/file"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("needs")
                .hasMessageContaining("no/such/file".replace('/', java.io.File.separatorChar));
    }

    @Test
    void projectRoot_fromAModule_holdsTheWrapper() {
        assertThat(ProjectRoot.find().resolve("mvnw")).exists();
    }

    /** In the reactor's package phase the kit is a jar, and native code cannot map a jar's entries. */
    @Test
    void locate_insideAJar_copiesToRealFiles(@TempDir Path temp) throws IOException, ClassNotFoundException {
        Path jar = temp.resolve("kit.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            addClass(out, GoldenTest.Marker.class);
            addEntry(out, "ai/preceptor/testkit/golden/", new byte[0]);
            addEntry(out, "ai/preceptor/testkit/golden/inner/", new byte[0]);
            addEntry(out, "ai/preceptor/testkit/golden/inner/a.txt", new byte[] {'h', 'i'});
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            Path root = BundledFiles.locate(loader.loadClass(Marker.class.getName()), "golden");
            assertThat(root.resolve("inner/a.txt")).hasContent("hi");
            assertThat(root.getFileSystem()).isEqualTo(temp.getFileSystem());
        }
    }

    private static void addClass(JarOutputStream out, Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        try (var in = type.getClassLoader().getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            addEntry(out, name, in.readAllBytes());
        }
    }

    private static void addEntry(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    static final class Marker {}
}
