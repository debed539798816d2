package ai.preceptor.cli.plugin;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.files.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A user's own part: a class that was found, compiled if necessary, and can be instantiated. */
public final class OwnPart implements Part {
    private final String written;
    private final String className;
    private final @Nullable SourceFile source;
    private final Map<String, byte[]> classes;
    private final List<PluginJar> jars;

    /** @param classes bytes by binary name; {@code className} is among them, or in a jar */
    OwnPart(
            String written,
            String className,
            @Nullable SourceFile source,
            Map<String, byte[]> classes,
            List<PluginJar> jars) {
        this.written = written;
        this.className = className;
        this.source = source;
        this.classes = Map.copyOf(classes);
        this.jars = List.copyOf(jars);
    }

    @Override
    public String written() {
        return written;
    }

    /** The file's name and digest; where it lies does not matter. The digest of a jar is that of the key {@code plugins}. */
    @Override
    public String identity() {
        return source == null ? written : source.fileName() + " (SHA-256 " + source.sha256() + ")";
    }

    @Override
    public @Nullable Path file() {
        return source == null ? null : source.path();
    }

    /** The source that it was compiled from; empty for a class of a jar. */
    public Optional<SourceFile> source() {
        return Optional.ofNullable(source);
    }

    /** The class without its package. */
    public String simpleName() {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    /** What it is made from, with digests, for a person to read. */
    public String origin() {
        return jars.isEmpty()
                ? identity()
                : identity() + " with " + jars.stream().map(PluginJar::identity).collect(Collectors.joining(", "));
    }

    /** SHA-256 that tells it from every other part: of its source; or of its class's name and the jars. */
    public String digest() {
        if (source != null && jars.isEmpty()) {
            return source.sha256();
        }
        StringBuilder all = new StringBuilder(source == null ? className : source.sha256());
        jars.forEach(jar -> all.append(' ').append(jar.sha256()));
        return Sha256.of(all.toString());
    }

    @Override
    public OpenPart open() {
        PluginLoader loader = loader();
        try {
            return new OpenPart(type(loader).getConstructor().newInstance(), loader);
        } catch (InvocationTargetException | LinkageError e) {
            Throwable thrown = e.getCause() == null ? e : e.getCause();
            close(loader);
            throw new ConfigurationException(
                    written + " cannot be made: its constructor failed: " + OwnCode.told(thrown), thrown);
        } catch (ReflectiveOperationException e) {
            close(loader);
            throw new IllegalStateException(className + " was checked", e);
        }
    }

    /** A loader of its own; the caller closes it. */
    PluginLoader loader() {
        return new PluginLoader(classes, jars);
    }

    /** The class, not initialized. */
    Class<?> type(PluginLoader loader) throws ClassNotFoundException {
        return Class.forName(className, false, loader);
    }

    private static void close(PluginLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return identity();
    }
}
