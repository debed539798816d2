package ai.preceptor;

import ai.preceptor.data.DataException;
import ai.preceptor.lm.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a model on disk is, by the content of every file that it is computed from. Takes about as long as reading it. */
final class ModelDigest {
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
    static String of(Path model, @Nullable Path adapter) {
        ModelSource source = ModelSource.of(model, adapter);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, source.base());
            if (source.adapter() != null) {
                add(digest, source.adapter());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new DataException(model + ": cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) { // every Java has it
            throw new IllegalStateException(e);
        }
    }

    private static void add(MessageDigest digest, Path model) throws IOException {
        for (Path file : files(model)) {
            String name = Files.isDirectory(model) ? file.toFile().getName() : "";
            digest.update((name + "\n" + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
            try (InputStream in = Files.newInputStream(file);
                    OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                in.transferTo(out);
            }
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
