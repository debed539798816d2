package ai.preceptor.train.run;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory that one run owns, as far as listing and clearing it goes: {@link AtomicFiles} does the
 * writing.
 *
 * @param directory need not exist yet
 */
record RunFiles(Path directory) {

    private static final String HIDDEN = ".";

    /** What a run writes before it begins; {@code plugins} are copies of the user's own sources. */
    private static final Set<String> OF_OPENING = Set.of("config.yaml", RunLock.NAME, RunStatus.NAME, "plugins");

    /** The entries by name, without what is being written or removed; none when there is no directory. */
    List<Path> list() {
        return entries().stream().filter(entry -> !isHidden(entry)).toList();
    }

    /** Whether there is no directory, or nothing at all in it: no hidden file either, which may be the user's. */
    boolean isEmpty() {
        return entries().isEmpty();
    }

    /** What is being written or removed, or was by a process that was killed. */
    List<Path> hidden() {
        return entries().stream().filter(RunFiles::isHidden).toList();
    }

    /** Whether there is nothing but what opening a run writes: no row, no checkpoint, no model. */
    boolean isUntouched() {
        return list().stream().allMatch(RunFiles::isOfOpening);
    }

    private static boolean isOfOpening(Path entry) {
        try {
            return OF_OPENING.contains(String.valueOf(entry.getFileName()))
                    || (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) && Files.size(entry) == 0);
        } catch (IOException e) {
            throw new OutputException(entry, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Removes the directory, with all that is in it. */
    void removeAll() {
        try {
            AtomicFiles.deleteTree(directory);
        } catch (IOException e) {
            throw new OutputException(directory, "cannot be removed: " + e.getMessage(), e);
        }
    }

    /** Removes an entry so that a process killed half-way leaves nothing under its name. */
    void remove(Path entry) {
        try {
            Path doomed = entry.resolveSibling(HIDDEN + entry.getFileName() + ".removed");
            AtomicFiles.deleteTree(doomed);
            Files.move(entry, doomed, StandardCopyOption.ATOMIC_MOVE);
            AtomicFiles.deleteTree(doomed);
        } catch (IOException e) {
            throw new OutputException(entry, "cannot be removed: " + e.getMessage(), e);
        }
    }

    /** Removes what killed processes left half-written or half-removed; for the one process that owns the directory. */
    void sweep() {
        for (Path entry : hidden()) {
            try {
                AtomicFiles.deleteTree(entry);
            } catch (IOException e) {
                throw new OutputException(entry, "cannot be removed: " + e.getMessage(), e);
            }
        }
    }

    private List<Path> entries() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new OutputException(directory, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isHidden(Path entry) {
        return String.valueOf(entry.getFileName()).startsWith(HIDDEN);
    }
}
