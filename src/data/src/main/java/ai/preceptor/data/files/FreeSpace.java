package ai.preceptor.data.files;

import java.io.File;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Free space of the file system that holds a path. */
public final class FreeSpace {
    private FreeSpace() {}

    /**
     * Bytes that this process may still write there. Empty if the system does not say: {@link java.nio.file.Files#getFileStore} also fails
     * where the mount point is hidden, in a {@code chroot} for example, so it is not used.
     *
     * @param path an existing file or directory
     */
    public static OptionalLong of(Path path) {
        File file = path.toFile();
        return file.getTotalSpace() == 0 ? OptionalLong.empty() : OptionalLong.of(file.getUsableSpace());
    }
}
