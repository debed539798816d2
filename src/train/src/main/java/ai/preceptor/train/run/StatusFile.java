package ai.preceptor.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small JSON file that is made again regularly, and replaced as a whole. It is not forced to the disk: after a crash of the
 * machine nobody reads it. That it cannot be written is logged once and does not harm the run.
 */
final class StatusFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long INTERVAL_MILLIS = 2_000;

    private final Path file;
    private final Supplier<? extends Map<String, ? extends @Nullable Object>> content;
    private final Thread thread;
    private boolean closed;
    private boolean warned;

    StatusFile(Path file, Supplier<? extends Map<String, ? extends @Nullable Object>> content) {
        this.file = file;
        this.content = content;
        this.thread = new Thread(this::writeRegularly, "run-status");
        thread.setDaemon(true);
    }

    /** What such a file says; missing if there is none, or none that can be read. */
    static JsonNode read(Path file) {
        try {
            return Files.exists(file) ? JSON.readTree(file.toFile()) : MissingNode.getInstance();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", file, e.toString());
            return MissingNode.getInstance();
        }
    }

    void start() {
        write();
        thread.start();
    }

    private synchronized void writeRegularly() {
        while (!closed) {
            try {
                wait(INTERVAL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (!closed) {
                write();
            }
        }
    }

    private synchronized void write() {
        Path aside = file.resolveSibling("." + file.getFileName() + ".aside");
        try {
            Files.write(aside, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content.get()));
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            if (!warned) {
                warned = true;
                LOG.warn("{} cannot be written: {}; the dashboard will not know how this run is", file, e.toString());
            }
        }
    }

    /** Writes it once more. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            notifyAll();
            write();
        }
    }
}
