package ai.preceptor.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Golden numbers and files. All models and curves that tests need are bundled with the test kit. What is larger, SmolLM2,
 * its expected answers and the data for it, is read from a directory {@code shared} beside the project, and a test that asks
 * for it where there is none is skipped with a message that says so.
 */
public final class Golden {
    private static final Path BUNDLED = BundledFiles.locate(Golden.class, "golden");

    private static final List<String> FAMILIES = List.of(
            "models/llama",
            "models/llama3-scaled-rope",
            "models/mistral-sliding",
            "models/qwen2",
            "models/qwen3",
            "models/gpt2",
            "models/gpt-neox",
            "models/gemma3",
            "models/olmo2",
            "models/smollm3-nope",
            "models/phi3-fused");

    private Golden() {}

    /**
     * A directory of golden files, such as {@code tiny-chat} or {@code models/qwen2}.
     *
     * @param name path below {@code golden}, with forward slashes
     * @return a real directory; read only, since tests share it
     */
    public static Path dir(String name) {
        return locate(name);
    }

    /** The directories of language models, one of each family and two of Llama; for parameterized tests. */
    public static List<String> families() {
        return FAMILIES;
    }

    /**
     * A golden file, such as {@code pairs.jsonl}.
     *
     * @param name path below {@code golden}, with forward slashes
     * @return a real file; read only, since tests share it
     */
    public static Path file(String name) {
        return locate(name);
    }

    /** The golden JSON file of that name; {@code NaN} and {@code Infinity} are read as numbers. */
    public static JsonNode json(String name) {
        return GoldenJson.parse(read(locate(name)), name);
    }

    /** The rows of the golden file of JSON lines of that name. */
    public static List<JsonNode> lines(String name) {
        List<JsonNode> rows = new ArrayList<>();
        read(locate(name)).lines().forEach(line -> rows.add(GoldenJson.parse(line, name + ":" + (rows.size() + 1))));
        return rows;
    }

    /**
     * A file or directory in {@code shared} beside the project, such as {@code
     * data/gpt4_pairs.jsonl.gz}. The calling test is skipped if it is not there.
     *
     * @param path path below {@code shared}, with forward slashes
     */
    public static Path shared(String path) {
        Path found = ProjectRoot.find().resolveSibling("shared").resolve(path);
        Assumptions.assumeTrue(
                Files.exists(found), () -> "skipped: this test needs " + found + ", which is not on this machine");
        return found;
    }

    /**
     * A list of numbers, for example {@code doubles(json.at("/gae/advantages"))}.
     *
     * @throws AssertionError if the node is not a flat list of numbers
     */
    public static double[] doubles(JsonNode list) {
        double[] values = new double[GoldenJson.requireList(list).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = GoldenJson.requireNumber(list.get(i)).doubleValue();
        }
        return values;
    }

    /** A list of numbers as float32, see {@link #doubles(JsonNode)}. */
    public static float[] floats(JsonNode list) {
        double[] wide = doubles(list);
        float[] values = new float[wide.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wide[i];
        }
        return values;
    }

    /** A list of whole numbers, see {@link #doubles(JsonNode)}. */
    public static int[] ints(JsonNode list) {
        int[] values = new int[GoldenJson.requireList(list).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = GoldenJson.requireNumber(list.get(i)).intValue();
        }
        return values;
    }

    private static Path locate(String name) {
        Path bundled = BUNDLED.resolve(name);
        return Files.exists(bundled) ? bundled : shared("golden/" + name);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
