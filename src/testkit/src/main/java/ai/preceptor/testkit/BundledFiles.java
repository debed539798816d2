package ai.preceptor.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Class-path resources as real files, which is what native code maps into memory. */
final class BundledFiles {
    private BundledFiles() {}

    /**
     * The directory of resources beside a class. Taken from a jar, it is copied to a temporary
     * directory that goes with the JVM.
     */
    static Path locate(Class<?> beside, String name) {
        URL url = beside.getResource(name);
        if (url == null) {
            throw new IllegalStateException("no resource " + name + " next to " + beside.getName());
        }
        try {
            URI uri = url.toURI();
            if (uri.getScheme().equals("file")) {
                return Path.of(uri);
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                String inJar = uri.toString().substring(uri.toString().lastIndexOf('!') + 1);
                return copy(jar.getPath(inJar), name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("resource " + name + " has no usable address: " + url, e);
        }
    }

    private static Path copy(Path from, String name) throws IOException {
        Path to = Files.createTempDirectory("preceptor-" + name);
        to.toFile().deleteOnExit();
        List<Path> sources;
        try (Stream<Path> walk = Files.walk(from)) {
            sources = walk.skip(1).toList();
        }
        for (Path source : sources) {
            Path target = to.resolve(from.relativize(source).toString());
            Files.copy(source, target);
            // Deleted in reverse order of registration, so directories after their files.
            target.toFile().deleteOnExit();
        }
        return to;
    }
}
