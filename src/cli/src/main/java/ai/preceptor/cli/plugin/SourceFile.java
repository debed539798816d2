package ai.preceptor.cli.plugin;

import ai.preceptor.data.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Java source file as read: the same text is compiled, digested and stored, even if the file changes.
 *
 * @param path as written
 * @param text its content
 * @param sha256 of its bytes, 64 hexadecimal digits
 */
public record SourceFile(Path path, String text, String sha256) {
    /** How such a file's name ends. */
    static final String SUFFIX = ".java";

    /** @throws PluginException if it cannot be read or is not UTF-8 */
    static SourceFile read(Path path) throws PluginException {
        try {
            byte[] bytes = Files.readAllBytes(path);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new SourceFile(path, text, Sha256.of(bytes));
        } catch (CharacterCodingException e) {
            throw new PluginException(path + ": is not UTF-8", e);
        } catch (IOException e) {
            throw new PluginException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Its name without directories. */
    public String fileName() {
        return String.valueOf(path.getFileName());
    }

    /** The class that it must declare, without its package. */
    String simpleName() {
        return fileName().substring(0, fileName().length() - SUFFIX.length());
    }
}
