package ai.preceptor.lm.torch;

import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.Utils;
import ai.preceptor.data.ConfigurationException;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A libtorch of the user's own in the place of the one on the class path: {@code PYTORCH_LIBRARY_PATH} names the {@code lib}
 * directory of a pip-installed torch, or of an unpacked libtorch. Training on a GPU needs no other artifact, because DJL's
 * bridge for CUDA is on the class path anyway.
 *
 * @param directory that has {@code libtorch.so}, or its equivalent on other systems
 * @param version as the installation names it, such as {@code 2.7.1+cu126}
 * @param cuda whether it computes on CUDA devices, too
 */
public record Libtorch(Path directory, String version, boolean cuda) {
    static final String PATH = "PYTORCH_LIBRARY_PATH";
    static final String VERSION = "PYTORCH_VERSION";
    static final String FLAVOR = "PYTORCH_FLAVOR";

    private static final String CUDA_FLAVOR = "cu128"; // the only one that DJL's bridge has
    private static final String JNA_PATH = "jna.library.path";
    private static final Pattern PYTHON_VERSION = Pattern.compile("(?m)^__version__ *= *['\"]([^'\"]{1,40})['\"]");

    /**
     * What the environment names.
     *
     * @param environment the value of a variable, or null
     * @return empty where it names none: then DJL takes the library of the class path
     * @throws ConfigurationException when there is no libtorch, or one that DJL's bridge was not built for
     */
    static Optional<Libtorch> named(UnaryOperator<@Nullable String> environment) {
        String path = environment.apply(PATH);
        if (path == null || path.isBlank()) {
            return Optional.empty();
        }
        Path directory = directory(path);
        String bridge = bridgeVersion();
        String named = environment.apply(VERSION);
        String version = named == null || named.isEmpty() ? version(directory, bridge) : named;
        if (!version.equals(bridge) && !version.startsWith(bridge + "+")) {
            throw new ConfigurationException(PATH + ": " + directory + " is libtorch " + version + ", expected "
                    + bridge + ", which DJL's bridge was built for (pip install torch==" + bridge + ")");
        }
        return Optional.of(new Libtorch(directory, version, Files.exists(directory.resolve(file("torch_cuda")))));
    }

    private static Path directory(String path) {
        for (String part : path.split(Pattern.quote(File.pathSeparator))) {
            Path directory = Path.of(part).toAbsolutePath();
            if (Files.isRegularFile(directory.resolve(file("torch")))) {
                return directory;
            }
        }
        throw new ConfigurationException(PATH + ": no " + file("torch") + " in \"" + path
                + "\", expected the directory lib of a pip-installed torch, or of libtorch");
    }

    /** Of {@code version.py} of a pip-installed torch, or {@code build-version} of an unpacked libtorch. */
    private static String version(Path directory, String bridge) {
        Path above = directory.getParent();
        try {
            if (above != null && Files.isRegularFile(above.resolve("version.py"))) {
                Matcher version = PYTHON_VERSION.matcher(Files.readString(above.resolve("version.py")));
                if (version.find()) {
                    return version.group(1);
                }
            }
            if (above != null && Files.isRegularFile(above.resolve("build-version"))) {
                return Files.readString(above.resolve("build-version")).strip();
            }
        } catch (IOException e) {
            throw new ConfigurationException(PATH + ": cannot tell the version of " + directory + ": " + e, e);
        }
        throw new ConfigurationException(
                PATH + ": cannot tell the version of " + directory + ", because neither version.py nor"
                        + " build-version is above it. If it is " + bridge + ", set " + VERSION + "=" + bridge);
    }

    /** The version that DJL's bridge on the class path was built for. */
    public static String bridgeVersion() {
        Properties properties = new Properties();
        try (InputStream in = LibUtils.class.getResourceAsStream("/jnilib/pytorch.properties")) {
            if (in == null) {
                throw new IllegalStateException("pytorch-jni is not on the class path");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String version = properties.getProperty("jni_version");
        return version.substring(0, version.indexOf('-'));
    }

    /** This machine's platform, as DJL names it: {@code linux-x86_64}. */
    public static String platform() {
        return ai.preceptor.lm.torch.NativeLibrary.platform(
                System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    private static String file(String library) {
        return System.mapLibraryName(library);
    }

    /**
     * Has DJL load what the environment names. DJL would look for a bridge of the machine's CUDA version, or for one without the
     * C++11 ABI, of which it has neither. {@link Torch#open} does it; what uses DJL before, even to count devices, must do it first.
     *
     * @throws ConfigurationException if there is no libtorch, or one that DJL's bridge was not built for
     */
    public static void select() {
        named(Utils::getEnvOrSystemProperty).ifPresent(Libtorch::use);
    }

    private void use() {
        boolean devices = cuda && driverIsInstalled();
        String flavor = Utils.getEnvOrSystemProperty(FLAVOR);
        if (flavor == null || flavor.isEmpty()) {
            System.setProperty(FLAVOR, devices ? CUDA_FLAVOR : "cpu");
        }
        // pip installs the CUDA runtime beside torch, where DJL does not look when it counts devices.
        Path runtime = directory.resolve("../../nvidia/cuda_runtime/lib").normalize();
        String others = System.getProperty(JNA_PATH, "");
        if (devices && Files.isDirectory(runtime) && !others.startsWith(runtime.toString())) {
            System.setProperty(JNA_PATH, others.isEmpty() ? runtime.toString() : runtime + File.pathSeparator + others);
        }
    }

    /** Without a driver the CUDA libraries of torch cannot be loaded at all, but those for the processor can. */
    private static boolean driverIsInstalled() {
        try (NativeLibrary driver = NativeLibrary.getInstance(File.separatorChar == '/' ? "libcuda.so.1" : "nvcuda")) {
            return driver.getFunction("cuInit") != null;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /** What was loaded: its version, where it lies, and what it computes on. After DJL's first use. */
    public static String loaded() {
        String flavor = Utils.getEnvOrSystemProperty(FLAVOR);
        String version = LibUtils.getVersion();
        return named(Utils::getEnvOrSystemProperty)
                .map(own -> own.version + " of " + PATH + " (" + own.directory + "), "
                        + (CUDA_FLAVOR.equals(flavor)
                                ? "CUDA and processor"
                                : own.cuda ? "processor; no CUDA driver" : "processor"))
                .orElse(version + " of the class path (" + LibUtils.getLibtorchPath() + ")");
    }
}
