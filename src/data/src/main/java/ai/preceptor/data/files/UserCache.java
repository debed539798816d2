package ai.preceptor.data.files;

import java.nio.file.Path;
import java.util.Optional;

/** The directory for files that the program can recreate. */
public final class UserCache {
    private UserCache() {}

    /** {@code $XDG_CACHE_HOME/preceptor}, or {@code .cache/preceptor} at home. */
    public static Path directory() {
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).orElse("");
        Path base = cache.isBlank() ? Path.of(System.getProperty("user.home", "."), ".cache") : Path.of(cache);
        return base.resolve("preceptor");
    }
}
