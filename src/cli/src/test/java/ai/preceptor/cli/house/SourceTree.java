package ai.preceptor.cli.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** The project's Java sources, found by walking down from its root: what nobody listed is found too. */
record SourceTree(Path root, List<Path> files) {

    /** @param kind {@code main} or {@code test} */
    static SourceTree of(String kind) {
        Path root = projectRoot();
        String part = "/src/" + kind + "/java/";
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = folder.getFileName().toString();
                    // Other builds may write and delete there meanwhile.
                    return name.equals("target") || name.equals(".git")
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = slashed(root.relativize(file));
                    if (name.endsWith(".java") && name.contains(part)) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot walk " + root, e);
        }
        files.sort(null);
        return new SourceTree(root, List.copyOf(files));
    }

    /** Module folders, relative to the root, that hold at least one of the files. */
    List<String> modules() {
        return files.stream()
                .map(this::name)
                .map(name -> name.substring(0, name.lastIndexOf("/src/", name.indexOf("/java/"))))
                .distinct()
                .toList();
    }

    List<Path> packages() {
        return files.stream().map(Path::getParent).distinct().toList();
    }

    String name(Path file) {
        return slashed(root.relativize(file));
    }

    private static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    private static Path projectRoot() {
        Path start = Path.of(System.getProperty("preceptor.root", "")).toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("mvnw"))) {
                return at;
            }
        }
        throw new IllegalStateException("no mvnw in " + start + " or above it");
    }
}
