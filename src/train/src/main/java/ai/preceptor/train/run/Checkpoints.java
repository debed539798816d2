package ai.preceptor.train.run;

import ai.preceptor.data.AtomicFiles;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories {@code checkpoints/step-N}. Each is written aside, forced to the disk and renamed; its
 * {@code trainer_state.json} is written last and lists the other files with their sizes, so that one that was torn
 * all the same (half a copy, a bad disk) is known and passed over.
 */
final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,9})");
    private static final String STATE = "trainer_state.json";

    private final Path directory;
    private final RunFiles files;

    Checkpoints(Path directory) {
        this.directory = directory;
        this.files = new RunFiles(directory);
    }

    /** Writes a checkpoint, or leaves the one of this step that is already there; returns its directory. */
    Path save(Position position, Map<String, String> identity, List<? extends Stateful> parts) {
        Path target = directory.resolve("step-" + position.step());
        if (read(target) == null) {
            AtomicFiles.directory(target, aside -> {
                write(aside, parts);
                TrainerState state = new TrainerState(position, identity, sizes(aside));
                Files.writeString(aside.resolve(STATE), JSON.writeValueAsString(state) + "\n");
            });
        }
        return target;
    }

    private static void write(Path aside, List<? extends Stateful> parts) throws IOException {
        try {
            parts.forEach(part -> part.saveState(aside));
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private static Map<String, Long> sizes(Path checkpoint) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(checkpoint)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sizes.put(checkpoint.relativize(file).toString(), Files.size(file));
            }
        }
        return sizes;
    }

    /** Removes what killed processes left half-written. */
    void sweep() {
        files.sweep();
    }

    /** Removes the oldest checkpoints beyond the newest {@code limit}; 0 keeps all. */
    void prune(int limit) {
        List<Path> steps = newestFirst();
        if (limit > 0 && steps.size() > limit) {
            steps.subList(limit, steps.size()).forEach(files::remove);
        }
    }

    /** Removes checkpoints of steps after {@code step}: torn ones, whose steps are about to be made again. */
    void removeAfter(int step) {
        newestFirst().stream().filter(path -> stepOf(path) > step).forEach(files::remove);
    }

    /** The newest checkpoint that is whole. */
    Optional<SavedCheckpoint> latest() {
        for (Path path : newestFirst()) {
            TrainerState state = read(path);
            if (state != null) {
                return Optional.of(new SavedCheckpoint(path, state.position(), state.identity()));
            }
            LOG.warn("{} is not whole; looking for an older checkpoint", path);
        }
        return Optional.empty();
    }

    private List<Path> newestFirst() {
        List<Path> steps = new ArrayList<>(files.list());
        steps.removeIf(path -> stepOf(path) < 0);
        steps.sort(Comparator.comparingInt(Checkpoints::stepOf).reversed());
        return steps;
    }

    private static int stepOf(Path path) {
        Matcher matcher = NAME.matcher(String.valueOf(path.getFileName()));
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    /** Null when the checkpoint is not whole: no readable state, or a listed file missing or of another size. */
    private @Nullable TrainerState read(Path path) {
        Path file = path.resolve(STATE);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            TrainerState state = JSON.readValue(file.toFile(), TrainerState.class);
            for (Map.Entry<String, Long> listed : state.files().entrySet()) {
                Path part = path.resolve(listed.getKey());
                if (!Files.exists(part) || Files.size(part) != listed.getValue()) {
                    LOG.warn("{} is missing or not {} bytes long", part, listed.getValue());
                    return null;
                }
            }
            return state;
        } catch (IOException unreadable) {
            LOG.warn("{}: {}", file, unreadable.getMessage());
            return null;
        }
    }
}
