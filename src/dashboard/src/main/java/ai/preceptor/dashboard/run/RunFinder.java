package ai.preceptor.dashboard.run;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds run directories: those with a file {@code run.lock}, the directory itself and any below it. Links are not followed;
 * hidden directories, checkpoints and models are passed over.
 */
final class RunFinder {
    private static final Logger LOG = LoggerFactory.getLogger(RunFinder.class);
    private static final int DEPTH = 8;
    private static final int MOST_DIRECTORIES = 50_000;
    private static final int MOST_RUNS = 5_000;
    private static final Set<String> PASSED_OVER = Set.of("checkpoints", "model", "plugins");

    private final Path root;

    /** @param root need not be there yet */
    RunFinder(Path root) {
        this.root = root;
    }

    /** All runs by their ids; the directory itself is called {@code .}. */
    Map<String, RunFolder> find() {
        Visitor visitor = new Visitor();
        try {
            Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), DEPTH, visitor);
        } catch (IOException e) {
            LOG.debug("{} cannot be read", root, e);
        }
        return visitor.found;
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Map<String, RunFolder> found = new TreeMap<>();
        private int directories;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            String name = String.valueOf(directory.getFileName());
            boolean below = !directory.equals(root);
            if (below && (PASSED_OVER.contains(name) || name.startsWith("."))) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            return ++directories > MOST_DIRECTORIES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && file.endsWith(RunFolder.LOCK)) {
                Path directory = file.resolveSibling("");
                String id = root.relativize(directory).toString().replace('\\', '/');
                String named = id.isEmpty() ? "." : id;
                found.put(named, new RunFolder(named, directory));
            }
            return found.size() >= MOST_RUNS ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException vanished) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException vanished) {
            return FileVisitResult.CONTINUE;
        }
    }
}
