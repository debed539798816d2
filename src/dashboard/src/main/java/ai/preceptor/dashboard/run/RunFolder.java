package ai.preceptor.dashboard.run;

import ai.preceptor.train.run.RunRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run directory. Its files are opened without following a link, and only if they are regular. {@code run.lock} is never
 * opened: where that is done by the process that holds the lock, closing it again gives the lock up.
 *
 * @param id path below the directory of all runs, with {@code /}
 * @param path where it lies
 */
public record RunFolder(String id, Path path) {
    static final String LOCK = "run.lock";
    static final String METRICS = "metrics.jsonl";
    static final String SAMPLES = "samples.jsonl";
    static final String CONFIG = "config.yaml";
    static final String SUMMARY = "summary.json";

    private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Size and time of a file; {@link FileStamp#NONE} if there is no regular file of that name. */
    FileStamp stamp(String file) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path.resolve(file), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile()
                    ? new FileStamp(
                            attributes.size(), attributes.lastModifiedTime().toMillis())
                    : FileStamp.NONE;
        } catch (IOException e) {
            return FileStamp.NONE;
        }
    }

    /** Opens a file for reading; empty if there is no regular file of that name. */
    Optional<SeekableByteChannel> open(String file) throws IOException {
        if (!stamp(file).exists()) {
            return Optional.empty();
        }
        return Optional.of(
                Files.newByteChannel(path.resolve(file), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    /** The text of a file up to a number of bytes; empty if there is none, or if it vanished. */
    Optional<String> text(String file, int limit) {
        try {
            Optional<SeekableByteChannel> found = open(file);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = Channels.newInputStream(found.get())) {
                return Optional.of(new String(in.readNBytes(limit), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            LOG.debug("{} of {} cannot be read", file, path, e);
            return Optional.empty();
        }
    }

    /** A JSON file; missing if there is none, if it is larger than the limit, or no JSON. */
    JsonNode json(String file, int limit) {
        Optional<String> text = stamp(file).size() > limit ? Optional.empty() : text(file, limit);
        if (text.isEmpty()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(text.get());
        } catch (IOException e) {
            LOG.debug("{} of {} is not JSON", file, path, e);
            return MissingNode.getInstance();
        }
    }

    /**
     * Asks the run for something; it looks between two steps.
     *
     * @throws IOException if the file cannot be made
     */
    public void ask(RunRequest request) throws IOException {
        try {
            Files.createFile(path.resolve(request.file()));
        } catch (FileAlreadyExistsException asked) {
            LOG.debug("{} was asked for before", request, asked);
        }
    }
}
