package ai.preceptor.data.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A path as the file system finds it: absolute, without symbolic links, in the spelling that the file system keeps. What
 * does not exist yet is found through its nearest parent that does, and a link to nothing through its target.
 *
 * @param path the result; nothing need be there
 */
public record RealPath(Path path) {
    /** Links followed one after another before they count as a circle. */
    private static final int MOST_LINKS = 40;

    /**
     * Finds a path.
     *
     * @throws UncheckedIOException when an existing part of it cannot be read
     */
    public static RealPath of(Path path) {
        try {
            return new RealPath(find(path.toAbsolutePath(), MOST_LINKS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path find(Path path, int links) throws IOException {
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            return path.toRealPath();
        }
        if (Files.exists(path)) {
            return path.normalize(); // a device or a pipe, such as /dev/stdout, is nowhere but under its name
        }
        if (links > 0 && Files.isSymbolicLink(path)) {
            return find(path.resolveSibling(Files.readSymbolicLink(path)), links - 1);
        }
        Path parent = path.getParent();
        Path name = path.getFileName();
        return parent == null || name == null
                ? path.normalize()
                : find(parent, links).resolve(name).normalize();
    }

    /** Whether both are one file or directory: by name, or as hard links to the same file. */
    public boolean isSame(RealPath other) {
        if (path.equals(other.path)) {
            return true;
        }
        try {
            return Files.exists(path) && Files.exists(other.path) && Files.isSameFile(path, other.path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether {@code inner} lies below this directory, at any depth; nothing contains itself. */
    public boolean contains(RealPath inner) {
        for (@Nullable Path parent = inner.path.getParent(); parent != null; parent = parent.getParent()) {
            if (isSame(new RealPath(parent))) {
                return true;
            }
        }
        return false;
    }
}
