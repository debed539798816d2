package ai.preceptor.cli.config;

import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.data.DataException;
import ai.preceptor.data.files.RealPath;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.source.RowFiles;
import ai.preceptor.formats.files.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All paths of a configuration; refuses an output that would overwrite an input. A key's {@link PathKind} is the one
 * place that says whether it is read or written, so a new key or command needs nothing further.
 *
 * <p>An output may not be an input, lie in one, or hold one: by name, or through symbolic and hard links, relative
 * paths, and another spelling where the file system does not tell them apart. Two outputs may not be one; one inside
 * another (a ledger in a run directory) is usual.
 */
final class PathUses {
    /** Directories that a model's directory may have inside each other. */
    private static final int DEPTH = 4;

    private final List<PathUse> inputs = new ArrayList<>();
    private final List<PathUse> outputs = new ArrayList<>();
    private final @Nullable Path file;

    /** @param file the configuration's own, or null; a run directory may hold it, since a run's {@code config.yaml} can be run again */
    PathUses(@Nullable Path file) {
        this.file = file;
    }

    void add(PathUse use) {
        if (use.kind().isWritten()) {
            outputs.add(use);
        } else if (use.kind().isRead()) {
            inputs.add(use);
        }
    }

    void addAll(PathUses others) {
        inputs.addAll(others.inputs);
        outputs.addAll(others.outputs);
    }

    /** Puts {@code path} in the place of what was given under the key of an output, if it was. */
    void write(String key, Path path) {
        outputs.replaceAll(use -> use.key().equals(key) ? new PathUse(key, path, use.kind(), use.origin()) : use);
    }

    /** Notes what would be written over. */
    void refuseOverwriting(Problems problems) {
        for (PathUse output : outputs) {
            try {
                String conflict = conflict(output);
                if (conflict != null) {
                    problems.add(
                            output.origin(),
                            output.key(),
                            "expected a path apart from all inputs, found \"" + output.path() + "\", which "
                                    + conflict);
                }
            } catch (UncheckedIOException e) {
                problems.add(output.origin(), output.key(), "cannot be compared with the inputs: " + e.getMessage());
            }
        }
    }

    /** Notes outputs that are one. */
    void refuseSharedOutputs(Problems problems) {
        for (int i = 0; i < outputs.size(); i++) {
            PathUse output = outputs.get(i);
            for (PathUse other : outputs.subList(0, i)) {
                if (RealPath.of(output.path()).isSame(RealPath.of(other.path()))) {
                    problems.add(
                            output.origin(),
                            output.key(),
                            "expected a path of its own, found \"" + output.path() + "\", which is that of "
                                    + named(other));
                }
            }
        }
    }

    private @Nullable String conflict(PathUse output) {
        RealPath written = RealPath.of(output.path());
        if (file != null
                && output.kind() == PathKind.OUTPUT_FILE
                && RealPath.of(file).isSame(written)) {
            return "is the configuration file \"" + file + "\"";
        }
        for (PathUse input : inputs) {
            for (Path place : places(input)) {
                String relation = relation(output, written, place);
                if (relation != null) {
                    return relation + named(input) + (place.equals(input.path()) ? "" : ", by \"" + place + "\"");
                }
            }
        }
        return null;
    }

    private static String named(PathUse use) {
        return use.key() + " \"" + use.path() + "\"";
    }

    /** What the written place is to a place that is read; null when they have nothing to do with each other. */
    private static @Nullable String relation(PathUse output, RealPath written, Path place) {
        RealPath read = RealPath.of(place);
        if (written.isSame(read)) {
            return "is ";
        }
        if (read.contains(written)) {
            return "lies in ";
        }
        if (output.kind() == PathKind.OUTPUT_DIRECTORY) {
            return written.contains(read) ? "holds " : null;
        }
        return linked(written, place) ? "is a file of " : null;
    }

    /** Whether the written file is, by a link, one of the files in the directory {@code place}. */
    private static boolean linked(RealPath written, Path place) {
        if (!Files.isRegularFile(written.path()) || !Files.isDirectory(place)) {
            return false;
        }
        Linked linked = new Linked(written);
        try {
            Files.walkFileTree(place.toRealPath(), EnumSet.noneOf(FileVisitOption.class), DEPTH, linked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return linked.found;
    }

    /** Looks for one file under all names. */
    private static final class Linked extends SimpleFileVisitor<Path> {
        private final RealPath wanted;
        private boolean found;

        Linked(RealPath wanted) {
            this.wanted = wanted;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found = Files.isRegularFile(file) && wanted.isSame(RealPath.of(file));
            return found ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        /** What cannot be looked at, such as {@code lost+found}, is not read either. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException refused) {
            return FileVisitResult.CONTINUE;
        }
    }

    /** All shards, and the folder that was given: what is written there would be read as rows the next time. */
    private static List<Path> rows(Path given) {
        if (Files.exists(given) && !Files.isDirectory(given)) {
            return List.of(given);
        }
        List<Path> places = new ArrayList<>(Files.isDirectory(given) ? List.of(given) : List.of());
        try {
            places.addAll(RowFiles.of(given).files());
        } catch (DataException none) {
            places.add(given); // refused when it is read
        }
        return places;
    }

    private static List<Path> places(PathUse input) {
        if (input.kind() == PathKind.ROWS) {
            return rows(input.path());
        }
        if (!input.kind().isModel()) {
            return List.of(input.path());
        }
        try {
            return new ModelFiles(input.path()).places();
        } catch (DataException incomplete) {
            return List.of(input.path()); // without its base it will be refused when it is read
        }
    }
}
