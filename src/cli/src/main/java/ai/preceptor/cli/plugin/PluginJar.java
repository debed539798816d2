package ai.preceptor.cli.plugin;

import ai.preceptor.data.files.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A jar with classes of a user's own, or with what those need.
 *
 * @param path as written
 * @param sha256 of its bytes, 64 hexadecimal digits
 */
public record PluginJar(Path path, String sha256) implements Written {
    /**
     * A jar that is there.
     *
     * @throws PluginException if it cannot be read or is no jar
     */
    public static PluginJar of(Path path) throws PluginException {
        try (ZipFile jar = new ZipFile(path.toFile())) {
            return new PluginJar(path, Sha256.of(Path.of(jar.getName())));
        } catch (ZipException e) {
            throw new PluginException(path + ": is not a jar: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new PluginException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String written() {
        return path.toString();
    }

    @Override
    public String identity() {
        return path.getFileName() + " (SHA-256 " + sha256 + ")";
    }

    @Override
    public Path file() {
        return path;
    }
}
