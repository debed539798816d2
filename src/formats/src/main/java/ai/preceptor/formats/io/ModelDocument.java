package ai.preceptor.formats.io;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One of a model's text files: a file beside the weights, or text derived from the metadata of the weights' own file.
 *
 * @param place the file; for one that is derived, the weights' file, an exclamation mark, and the name it would have
 * @param content opens it
 */
public record ModelDocument(Path place, Content content) {
    /** Opens a file's bytes. */
    @FunctionalInterface
    public interface Content {
        /** A new stream from the first byte on; the caller closes it. */
        InputStream open() throws IOException;
    }

    /** Its text; what is not UTF-8 is an error of reading. */
    public Reader reader() throws IOException {
        return new BufferedReader(new InputStreamReader(content.open(), StandardCharsets.UTF_8.newDecoder()));
    }
}
