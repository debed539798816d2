package ai.preceptor.lm.torch;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says what is missing before DJL looks for libtorch: DJL would download it. The library has no libtorch among its
 * dependencies, because its artifacts are made for one platform each.
 */
final class NativeLibrary {
    /** What every {@code pytorch-native} artifact has. */
    private static final String DESCRIPTION = "native/lib/pytorch.properties";

    private NativeLibrary() {}

    /** @throws ConfigurationException if neither an artifact on the class path nor a setting says which libtorch to load */
    static void require() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? NativeLibrary.class.getClassLoader() : context;
        require(loader, NativeLibrary::setting, platform(System.getProperty("os.name"), System.getProperty("os.arch")));
    }

    /**
     * @param loader of the artifacts
     * @param setting what DJL reads by a name
     * @param platform this machine's, such as {@code linux-x86_64}
     */
    static void require(ClassLoader loader, Function<String, @Nullable String> setting, String platform) {
        // Its user names a directory, or asks for a download.
        if (setting.apply("PYTORCH_LIBRARY_PATH") != null || setting.apply("PYTORCH_VERSION") != null) {
            return;
        }
        Set<String> platforms = platforms(loader);
        if (!platforms.contains(platform)) {
            String found = platforms.isEmpty() ? "none" : "that of " + String.join(", ", platforms);
            throw new ConfigurationException(
                    "libtorch for " + platform + " is not on the class path (found: " + found
                            + "). Add ai.djl.pytorch:pytorch-native-cpu with classifier " + platform
                            + ", whose version preceptor-bom manages, or set PYTORCH_LIBRARY_PATH to the directory of libtorch");
        }
    }

    /** This machine's classifier, as DJL names it. */
    static String platform(String system, String processor) {
        String name = system.startsWith("Win") ? "win" : system.startsWith("Mac") ? "osx" : "linux";
        return name + "-" + (processor.equals("amd64") ? "x86_64" : processor);
    }

    private static Set<String> platforms(ClassLoader loader) {
        Set<String> platforms = new TreeSet<>();
        try {
            for (URL url : Collections.list(loader.getResources(DESCRIPTION))) {
                Properties properties = new Properties();
                try (InputStream in = url.openStream()) {
                    properties.load(in);
                }
                platforms.add(properties.getProperty("classifier", "an unknown platform"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return platforms;
    }

    private static @Nullable String setting(String name) {
        String value = System.getenv(name);
        return value == null ? System.getProperty(name) : value;
    }
}
