package ai.preceptor.run;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.formats.gguf.GgufSplit;
import ai.preceptor.lm.weights.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A digest of a model on disk: the content of every file that affects its outputs. Takes about as long as reading it.
 */
public final class ModelDigest {
    private static final String BESIDE_WEIGHTS =
            "config\\.json|generation_config\\.json|tokenizer\\.json|tokenizer_config\\.json|special_tokens_map\\.json"
                    + "|chat_template\\.(jinja|json)";

    /** What counts beside a GGUF file, over whose metadata it wins. */
    private static final Pattern BESIDE = Pattern.compile(BESIDE_WEIGHTS);

    private static final Pattern COUNTS = Pattern.compile(
            ".*\\.(safetensors|safetensors\\.index\\.json|gguf)|adapter_config\\.json|" + BESIDE_WEIGHTS);
    private static final String TOOL_USE = "additional_chat_templates/tool_use.jinja";

    private ModelDigest() {}

    /**
     * Digests a model, and the adapter on it.
     *
     * @param model a directory, that of an adapter too, or a GGUF file
     * @param adapter null for none but the model's own
     * @return SHA-256 in hexadecimal
     * @throws DataException when a file cannot be read
     */
    public static String of(Path model, @Nullable Path adapter) {
        ModelSource source = ModelSource.of(model, adapter);
        try {
            Sha256 digest = new Sha256();
            add(digest, source.base());
            if (source.adapter() != null) {
                add(digest, source.adapter());
            }
            return digest.hex();
        } catch (IOException e) {
            throw new DataException(model + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void add(Sha256 digest, Path model) throws IOException {
        if (Files.isRegularFile(model)) {
            for (Path part : GgufSplit.files(model)) {
                add(digest, "", part);
            }
            addFiles(digest, model.toAbsolutePath().resolveSibling(""), BESIDE);
        } else {
            addFiles(digest, model, COUNTS);
        }
    }

    private static void addFiles(Sha256 digest, Path directory, Pattern names) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(Files::isRegularFile)
                    .filter(file -> names.matcher(file.toFile().getName()).matches())
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            add(digest, file.toFile().getName(), file);
        }
        Path toolUse = directory.resolve(TOOL_USE);
        if (Files.isRegularFile(toolUse)) {
            add(digest, TOOL_USE, toolUse);
        }
    }

    private static void add(Sha256 digest, String name, Path file) throws IOException {
        digest.add(name + "\n" + Files.size(file) + "\n").add(file);
    }
}
