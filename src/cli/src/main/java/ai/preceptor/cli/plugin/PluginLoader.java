package ai.preceptor.cli.plugin;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;

/** Loads a user's own classes, from memory and from jars; everything else comes from the application. */
final class PluginLoader extends URLClassLoader {
    /** Stands in every frame of a stack trace that lies in a user's own code. */
    static final String NAME = "preceptor-plugins";

    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> classes;

    /**
     * A loader, to be closed.
     *
     * @param classes bytes by binary name
     */
    PluginLoader(Map<String, byte[]> classes, List<PluginJar> jars) {
        super(NAME, jars.stream().map(PluginLoader::url).toArray(URL[]::new), PluginLoader.class.getClassLoader());
        this.classes = classes;
    }

    private static URL url(PluginJar jar) {
        try {
            return jar.path().toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a path without a URL: " + jar.path(), e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
    }
}
