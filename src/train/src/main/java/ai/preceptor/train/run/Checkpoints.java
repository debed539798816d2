package ai.preceptor.train.run;

import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories {@code checkpoints/step-N}. Each is written to a temporary name, forced to the disk and renamed; its
 * {@code trainer_state.json} is written last and lists the other files with sizes and checksums and its own checksum, so
 * that one in which anything changed since (half a copy, a bad disk, a file too many) is known and passed over.
 */
final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,9})");
    /** How {@link AtomicFiles#directory} calls what it replaces. */
    private static final Pattern REPLACED = Pattern.compile("\\.(step-\\d{1,9})\\.[^.]+\\.old");

    private static final String STATE = "trainer_state.json";

    private final Path directory;
    private final RunFiles files;

    /** Those that this process has written or looked at: they need not be read again. */
    private final Set<Path> whole = new HashSet<>();

    /** The step whose checkpoint is never pruned; -1 for none. */
    private int kept = -1;

    Checkpoints(Path directory) {
        this.directory = directory;
        this.files = new RunFiles(directory);
    }

    /**
     * Writes a checkpoint, or leaves the one of this step that is already there unless it is {@link #forget forgotten}; returns its
     * directory.
     */
    Path save(Position position, Map<String, String> identity, List<? extends Stateful> parts) {
        Path target = directory.resolve("step-" + position.step());
        if (!whole.contains(target)) {
            AtomicFiles.directory(target, aside -> {
                write(aside, parts);
                Files.write(aside.resolve(STATE), new TrainerState(position, identity, sums(aside)).text());
            });
            whole.add(target);
        }
        return target;
    }

    /** Lets the next {@link #save} of a step replace its checkpoint; returns whether there is one. */
    boolean forget(int step) {
        return whole.remove(directory.resolve("step-" + step));
    }

    private static void write(Path aside, List<? extends Stateful> parts) throws IOException {
        try {
            parts.forEach(part -> part.saveState(aside));
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    /** Weights and moments are files of like size, which are read from memory as they were just written: side by side. */
    private static Map<String, FileSum> sums(Path checkpoint) throws IOException {
        try {
            return filesOf(checkpoint).parallelStream()
                    .collect(Collectors.toConcurrentMap(name -> name, name -> sum(checkpoint.resolve(name))));
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private static FileSum sum(Path file) {
        try {
            return FileSum.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By their names from the checkpoint's directory on; what the system hides there is not ours. */
    private static List<String> filesOf(Path checkpoint) throws IOException {
        try (Stream<Path> all = Files.walk(checkpoint)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> checkpoint.relativize(file).toString().replace(File.separatorChar, '/'))
                    .filter(name -> !name.startsWith(".") && !name.contains("/.") && !name.equals(STATE))
                    .sorted()
                    .toList();
        }
    }

    /** Removes what killed processes left half-written. */
    void sweep() {
        files.sweep();
    }

    /** Spares the checkpoint of one step from {@link #prune}, and no longer the one before. */
    void keep(int step) {
        kept = step;
    }

    /** Removes the oldest checkpoints beyond the newest {@code limit} but the one to keep; 0 keeps all. */
    void prune(int limit) {
        List<Path> steps = newestFirst();
        if (limit > 0 && steps.size() > limit) {
            steps.subList(limit, steps.size()).stream()
                    .filter(path -> stepOf(path) != kept)
                    .forEach(files::remove);
        }
    }

    /** The undamaged checkpoint of a step; why there is none is logged. */
    Optional<Path> whole(int step) {
        Path path = directory.resolve("step-" + step);
        try {
            if (!whole.contains(path)) {
                read(path);
                whole.add(path);
            }
            return Optional.of(path);
        } catch (IOException damaged) {
            LOG.warn("{} is missing or damaged: {}", path, damaged.getMessage());
            return Optional.empty();
        }
    }

    /** @throws DataException when the checkpoint of a step is missing or damaged */
    SavedCheckpoint require(int step) {
        Path path = directory.resolve("step-" + step);
        try {
            TrainerState state = read(path);
            return new SavedCheckpoint(path, state.position(), state.identity());
        } catch (IOException damaged) {
            throw new DataException(path + " is missing or damaged: " + damaged.getMessage(), damaged);
        }
    }

    /** Removes checkpoints of steps after {@code step}: damaged ones, whose steps are about to be made again. */
    void removeAfter(int step) {
        newestFirst().stream().filter(path -> stepOf(path) > step).forEach(files::remove);
    }

    /** The step of the newest checkpoint, whole or not; empty when there is none. */
    OptionalInt newestStep() {
        return newestFirst().stream().mapToInt(Checkpoints::stepOf).findFirst();
    }

    /**
     * The newest undamaged checkpoint; every file of it is read, and one line is logged for each newer, damaged one.
     *
     * @return empty when there is no checkpoint at all
     * @throws DataException when there are some and none is whole
     */
    Optional<SavedCheckpoint> latest() {
        putBack();
        List<String> damages = new ArrayList<>();
        for (Path path : newestFirst()) {
            try {
                TrainerState state = read(path);
                whole.add(path);
                damages.forEach(damage -> LOG.warn("{}; going on from {}", damage, path));
                return Optional.of(new SavedCheckpoint(path, state.position(), state.identity()));
            } catch (IOException damaged) {
                damages.add(path + " is damaged: " + damaged.getMessage());
            }
        }
        if (!damages.isEmpty()) {
            throw new DataException("resume: no checkpoint is intact:\n" + String.join("\n", damages)
                    + "\nput back a copy of one, or remove these directories to begin at step 0");
        }
        return Optional.empty();
    }

    /** A process that was killed while it replaced a checkpoint may have left the former one under another name only. */
    private void putBack() {
        files.hidden().forEach(entry -> {
            Matcher matcher = REPLACED.matcher(String.valueOf(entry.getFileName()));
            if (matcher.matches() && !Files.exists(directory.resolve(matcher.group(1)))) {
                try {
                    Files.move(entry, directory.resolve(matcher.group(1)), StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    throw new OutputException(entry, "cannot be renamed: " + e.getMessage(), e);
                }
            }
        });
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

    /** Reads and checks it all; the exception says what is wrong. */
    private static TrainerState read(Path path) throws IOException {
        Path file = path.resolve(STATE);
        if (!Files.isRegularFile(file)) {
            throw new IOException(STATE + " is missing");
        }
        TrainerState state;
        try {
            state = TrainerState.read(Files.readAllBytes(file));
        } catch (IOException e) {
            String said = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            throw new IOException(STATE + ": " + said, e);
        }
        if (state.isWithoutChecksums()) {
            LOG.warn("{}: written before checkpoints had checksums; only sizes are compared", path);
        }
        compare(path, state);
        return state;
    }

    private static void compare(Path path, TrainerState state) throws IOException {
        Map<String, FileSum> listed = state.files();
        for (Map.Entry<String, FileSum> entry : listed.entrySet()) {
            Path part = path.resolve(entry.getKey());
            if (!Files.isRegularFile(part)) {
                throw new IOException(entry.getKey() + " is missing");
            }
            if (Files.size(part) != entry.getValue().bytes()) {
                throw new IOException(entry.getKey() + " has " + Files.size(part) + " bytes, expected "
                        + entry.getValue().bytes());
            }
        }
        List<String> found = filesOf(path);
        for (String name : found) {
            if (!listed.containsKey(name)) {
                throw new IOException(name + " does not belong to it");
            }
        }
        if (!state.isWithoutChecksums()) {
            for (Map.Entry<String, FileSum> sum : sums(path).entrySet()) {
                FileSum expected = Objects.requireNonNull(listed.get(sum.getKey()), "compared above");
                if (!expected.equals(sum.getValue())) {
                    throw new IOException(sum.getKey() + " has checksum "
                            + sum.getValue().crc32c() + ", expected " + expected.crc32c());
                }
            }
        }
    }
}
