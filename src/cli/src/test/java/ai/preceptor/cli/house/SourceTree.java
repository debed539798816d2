package ai.preceptor.cli.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's Java sources, found by walking down from its root: what nobody listed is found too. */
record SourceTree(Path root, List<Path> files) {

    /** @param kind {@code main} or {@code test} */
    static SourceTree of(String kind) {
        Path root = projectRoot();
        String part = "/src/" + kind + "/java/";
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> files = walk.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> slashed(root.relativize(file)).contains(part))
                    .filter(file -> !slashed(root.relativize(file)).contains("/target/"))
                    .sorted()
                    .toList();
            return new SourceTree(root, files);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot walk " + root, e);
        }
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
