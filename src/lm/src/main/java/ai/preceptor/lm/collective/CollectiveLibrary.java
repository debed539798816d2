package ai.preceptor.lm.collective;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.torch.CollectiveKernels;
import ai.preceptor.lm.torch.Libtorch;
import ai.preceptor.lm.torch.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The library that makes groups of processes. It is built for one version of libtorch, which its name says, and is no dependency
 * of any module: the artifact {@code preceptor-collective} has it.
 */
public final class CollectiveLibrary {
    /** The environment variable that names its file. */
    public static final String VARIABLE = "PRECEPTOR_COLLECTIVE_LIBRARY";

    private static final Pattern VERSION = Pattern.compile("-torch([0-9][0-9.]*[0-9])\\.");

    /** Files that this process unpacked, by what they were unpacked from. */
    private static final Map<String, Path> UNPACKED = new HashMap<>();

    private CollectiveLibrary() {}

    /**
     * Finds the library: the given file, or that of {@value #VARIABLE}, or that of an artifact on the class path.
     *
     * @param given its file; null for none
     * @throws ConfigurationException if there is none, or one for another libtorch, in words that say where to get it
     */
    public static Path find(@Nullable Path given) {
        String variable = System.getenv(VARIABLE);
        if (given != null) {
            return checked("collective_library", given);
        } else if (variable != null && !variable.isBlank()) {
            return checked(VARIABLE, Path.of(variable));
        }
        String resource = "META-INF/native/" + Libtorch.platform() + "/" + fileName();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? CollectiveLibrary.class.getClassLoader() : context;
        URL found = loader.getResource(resource);
        if (found == null) {
            throw new ConfigurationException(
                    "several learners need " + fileName() + ", which is not on the class path. " + howToGet());
        }
        return unpacked(found);
    }

    /** The same file each time: a second one would be loaded as another library, whose operators PyTorch has already. */
    private static synchronized Path unpacked(URL resource) {
        Path before = UNPACKED.get(resource.toExternalForm());
        if (before != null) {
            return before;
        }
        try (InputStream in = resource.openStream()) {
            Path directory = Files.createTempDirectory("preceptor-collective-");
            directory.toFile().deleteOnExit(); // after the file: the last one named is deleted first
            Path file = directory.resolve(fileName());
            file.toFile().deleteOnExit();
            Files.copy(in, file);
            UNPACKED.put(resource.toExternalForm(), file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be unpacked", e);
        }
    }

    private static String howToGet() {
        String version = Libtorch.bridgeVersion();
        return "Add ai.preceptor:preceptor-collective with classifier torch" + version + "-" + Libtorch.platform()
                + " to the class path, or set collective_library (or " + VARIABLE
                + ") to the file; docs/learners.md says"
                + " how to build it";
    }

    private static String fileName() {
        return System.mapLibraryName("preceptor-collective-torch" + Libtorch.bridgeVersion());
    }

    private static Path checked(String setting, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(
                    setting + ": expected the file " + fileName() + ", found none at " + file + ". " + howToGet());
        }
        Matcher version = VERSION.matcher(String.valueOf(file.getFileName()));
        if (version.find() && !version.group(1).equals(Libtorch.bridgeVersion())) {
            throw new ConfigurationException(setting + ": expected a library for libtorch " + Libtorch.bridgeVersion()
                    + ", found " + file + ". " + howToGet());
        }
        return file.toAbsolutePath();
    }

    static CollectiveKernels load(Torch torch, Path library) {
        try {
            return torch.collective(library);
        } catch (UnsatisfiedLinkError e) {
            throw new ConfigurationException(
                    "collective_library: " + library + " cannot be loaded (" + e.getMessage() + "). " + howToGet(), e);
        }
    }
}
