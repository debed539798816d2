package ai.preceptor.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** The project's own directory, also when a test runs in an IDE. */
public final class ProjectRoot {
    private ProjectRoot() {}

    /**
     * The root: the system property {@code preceptor.root} where the build sets it, else the nearest
     * directory above the working directory that holds {@code mvnw}.
     *
     * @throws IllegalStateException if neither leads anywhere
     */
    public static Path find() {
        String property = System.getProperty("preceptor.root");
        if (property != null) {
            return Path.of(property).toAbsolutePath().normalize();
        }
        Path start = Path.of("").toAbsolutePath();
        for (Path dir = start; dir != null; dir = dir.getParent()) {
            if (Files.exists(dir.resolve("mvnw"))) {
                return dir;
            }
        }
        throw new IllegalStateException("no project root: expected a directory with mvnw at or above " + start);
    }
}
