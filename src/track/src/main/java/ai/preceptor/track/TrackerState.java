package ai.preceptor.track;

import ai.preceptor.data.files.AtomicFiles;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a tracker keeps of a run between processes, in a small JSON file. Every change is on the disk when a method returns. */
public final class TrackerState {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DELIVERED = "delivered";
    private static final String SENDING = "sending";

    private final Path file;
    private final ObjectNode values;

    private TrackerState(Path file, ObjectNode values) {
        this.file = file;
        this.values = values;
    }

    /** Reads the file; a missing or unreadable one is an empty state. */
    static TrackerState of(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new TrackerState(file, JSON.createObjectNode());
        }
        try {
            if (JSON.readTree(Files.readString(file)) instanceof ObjectNode read) {
                return new TrackerState(file, read);
            }
        } catch (JsonProcessingException e) {
            throw new TrackerRefusedException(file + " is not JSON: " + e.getOriginalMessage());
        }
        throw new TrackerRefusedException(file + ": expected a JSON object");
    }

    /** Forgets everything: the run starts anew. */
    void clear() {
        values.removeAll();
    }

    /** A value of the tracker's own. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(values.path(key).textValue());
    }

    /** Keeps values of the tracker's own. */
    public void put(Map<String, String> more) {
        more.forEach(values::put);
        save();
    }

    /** Lines that were delivered. */
    LineCursor delivered() {
        return LineCursor.of(values.path(DELIVERED));
    }

    /** Lines that a process began to send at {@link #sendingMillis} and may have delivered. */
    LineCursor sending() {
        return LineCursor.of(values.path(SENDING));
    }

    long sendingMillis() {
        return values.path(SENDING).path("millis").asLong();
    }

    /** Says what is about to be sent. */
    void sending(LineCursor end, long millis) {
        values.set(SENDING, end.toJson().put("millis", millis));
        save();
    }

    /** Says what was delivered; what is being sent beyond it keeps its time. */
    void delivered(LineCursor end) {
        values.set(DELIVERED, end.toJson());
        if (!sending().isAfter(end)) {
            values.remove(SENDING);
        }
        save();
    }

    private void save() {
        AtomicFiles.writeString(file, values.toPrettyString() + "\n");
    }
}
