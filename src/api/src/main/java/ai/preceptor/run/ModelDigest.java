package ai.preceptor.run;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.Sha256;
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
    private static final Pattern COUNTS = Pattern.compile(
            ".*\\.(safetensors|safetensors\\.index\\.json|gguf)|config\\.json|adapter_config\\.json"
                    + "|generation_config\\.json|tokenizer\\.json|tokenizer_config\\.json|chat_template\\.(jinja|json)");

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
        for (Path file : files(model)) {
            String name = Files.isDirectory(model) ? file.toFile().getName() : "";
            digest.add(name + "\n" + Files.size(file) + "\n").add(file);
        }
    }

    private static List<Path> files(Path model) throws IOException {
        if (Files.isRegularFile(model)) {
            return List.of(model);
        }
        try (Stream<Path> listed = Files.list(model)) {
            return listed.filter(Files::isRegularFile)
                    .filter(file -> COUNTS.matcher(file.toFile().getName()).matches())
                    .sorted()
                    .toList();
        }
    }
}
