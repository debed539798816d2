package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.IoReason;
import ai.preceptor.data.setting.Nearest;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the files that a path stands for.
 *
 * @param formats whose extensions count in folders
 */
record ShardSearch(List<RowFileFormat> formats) {
    /** Holds settings as often as rows, so it counts in a folder only where nothing else does. */
    private static final String JSON = ".json";

    private static final int SHOWN = 5;

    /** Words by which the Hub's data sets name their splits. */
    private static final Map<String, String> SPLITS = Map.of(
            "train",
            "train",
            "test",
            "test",
            "validation",
            "validation",
            "valid",
            "validation",
            "dev",
            "validation",
            "eval",
            "test");

    /** The format whose extension the name has; null if none. */
    static @Nullable RowFileFormat named(Path file, List<RowFileFormat> formats) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return formats.stream()
                .filter(format -> format.extensions().stream().anyMatch(end -> name.endsWith("." + end)))
                .findFirst()
                .orElse(null);
    }

    /** @throws DataException if there is none */
    List<Path> files(Path given) {
        String text = given.toString();
        if (Files.isDirectory(given)) {
            return folder(given);
        }
        if (Files.exists(given)) {
            return List.of(given);
        }
        List<String> several = PathList.parts(text);
        if (several.size() > 1) {
            List<Path> all = new ArrayList<>();
            several.forEach(one -> all.addAll(files(Path.of(one))));
            return all;
        }
        if (isGlob(text)) {
            return glob(given);
        }
        throw DataException.in(given, "no such file" + neighbour(given));
    }

    /** Whether a name has characters that stand for others. */
    static boolean isGlob(String text) {
        return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private List<Path> folder(Path folder) {
        List<Path> all = walk(folder, Integer.MAX_VALUE).stream()
                .filter(file -> named(file, formats) != null)
                .toList();
        List<Path> certain =
                all.stream().filter(file -> !file.toString().endsWith(JSON)).toList();
        List<Path> files = certain.isEmpty() ? all : certain;
        if (files.isEmpty()) {
            throw DataException.in(
                    folder,
                    "no files of rows in this folder: looked for names that end in "
                            + String.join(
                                    ", ",
                                    formats.stream()
                                            .flatMap(format -> format.extensions().stream())
                                            .toList()));
        }
        requireOneSplit(folder, files);
        return files;
    }

    /** A data set's test rows are not to be trained on because its folder was given. */
    private static void requireOneSplit(Path folder, List<Path> files) {
        Map<String, Path> splits = new TreeMap<>();
        for (Path file : files) {
            for (String word : folder.relativize(file).toString().split("[^A-Za-z]+")) {
                String split = SPLITS.get(word.toLowerCase(Locale.ROOT));
                if (split != null) {
                    splits.putIfAbsent(split, file);
                }
            }
        }
        if (splits.size() > 1) {
            List<String> found = new ArrayList<>();
            splits.forEach((split, file) -> found.add(split + " (" + file + ")"));
            throw DataException.in(
                    folder,
                    "expected the files of one split in a folder, found "
                            + String.join(" and ", found) + "; give a glob that matches one, such as " + folder
                            + "/**train*");
        }
    }

    private List<Path> glob(Path given) {
        Path base = base(given);
        Path pattern = base.toString().isEmpty() ? given : base.relativize(given);
        int depth = given.toString().contains("**") ? Integer.MAX_VALUE : pattern.getNameCount();
        List<PathMatcher> matchers = matchers(given, pattern.toString());
        List<Path> all = Files.isDirectory(start(base)) ? walk(start(base), depth) : List.of();
        List<Path> files = all.stream()
                .filter(file -> matchers.stream()
                        .anyMatch(one -> one.matches(start(base).relativize(file))))
                .map(file -> base.toString().isEmpty() ? start(base).relativize(file) : file)
                .toList();
        if (files.isEmpty()) {
            throw DataException.in(given, "no file matches" + found(base, all));
        }
        return files;
    }

    private static Path start(Path base) {
        return base.toString().isEmpty() ? Path.of(".") : base;
    }

    /** {@code **}{@code /} also stands for no folder, as in shells. */
    private static List<PathMatcher> matchers(Path given, String pattern) {
        try {
            List<PathMatcher> matchers = new ArrayList<>();
            for (String one : List.of(pattern, pattern.replace("**/", ""))) {
                matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + one));
            }
            return matchers;
        } catch (PatternSyntaxException e) {
            throw new DataException(
                    given + ": expected a glob, found one that cannot be read: " + e.getDescription(), e);
        }
    }

    /** The names before the first with a character that stands for others. */
    private static Path base(Path given) {
        Path base = given.isAbsolute() ? given.getRoot() : Path.of("");
        for (Path name : given) {
            if (isGlob(name.toString())) {
                break;
            }
            base = base.resolve(name);
        }
        return base;
    }

    private static String found(Path base, List<Path> all) {
        if (!Files.isDirectory(start(base))) {
            return ": there is no folder " + base;
        }
        String where = " in " + start(base).toAbsolutePath().normalize();
        if (all.isEmpty()) {
            return where + ", which has no files at this depth";
        }
        List<String> names = all.stream()
                .map(file -> start(base).relativize(file).toString())
                .limit(SHOWN)
                .toList();
        return where + "; there are " + String.join(", ", names) + (all.size() > SHOWN ? ", ..." : "");
    }

    /** All files below a folder by name, without hidden ones; links to folders are followed, but not back up. */
    private static List<Path> walk(Path folder, int depth) {
        try {
            Visitor visitor = new Visitor(folder);
            Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), depth, visitor);
            return visitor.files.stream()
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be listed: " + IoReason.of(e), e);
        }
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final List<Path> files = new ArrayList<>();

        Visitor(Path folder) {
            this.folder = folder;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.equals(folder) || !isHidden(directory)
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!isHidden(file) && Files.isRegularFile(file)) {
                files.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            return failure instanceof FileSystemLoopException
                    ? FileVisitResult.CONTINUE
                    : super.visitFileFailed(file, failure);
        }

        private static boolean isHidden(Path path) {
            String name = String.valueOf(path.getFileName());
            return name.startsWith(".") || name.startsWith("_");
        }
    }

    /** The usual mistakes: the file is there, but packed, unpacked, or spelt otherwise. */
    private static String neighbour(Path file) {
        String name = String.valueOf(file.getFileName());
        String other = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name + ".gz";
        if (Files.isRegularFile(file.resolveSibling(other))) {
            return "; but there is " + other;
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return parent == null ? "" : "; there is no folder " + parent;
        }
        Map<String, Path> names = new LinkedHashMap<>();
        walk(parent, 1).forEach(path -> names.put(String.valueOf(path.getFileName()), path));
        return names.isEmpty() ? "" : new Nearest(names.keySet()).hint(name);
    }
}
