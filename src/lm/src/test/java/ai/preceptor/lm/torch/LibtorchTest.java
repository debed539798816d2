package ai.preceptor.lm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.LibUtils;
import ai.preceptor.data.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibtorchTest {
    private static final String BRIDGE = Libtorch.bridgeVersion();

    @TempDir
    Path temp;

    @Test
    void named_withoutTheVariable_isEmpty() {
        assertThat(named(Map.of())).isEmpty();
        assertThat(named(Map.of(Libtorch.PATH, " "))).isEmpty();
    }

    @Test
    void named_pipInstalledWithCuda_hasItsVersion() throws IOException {
        Path lib = installed("torch");
        Files.createFile(lib.resolve(System.mapLibraryName("torch_cuda")));
        Files.writeString(
                temp.resolve("version.py"), "from typing import Optional\n__version__ = '" + BRIDGE + "+cu126'\n");
        assertThat(named(Map.of(Libtorch.PATH, lib.toString()))).contains(new Libtorch(lib, BRIDGE + "+cu126", true));
    }

    @Test
    void named_unpackedLibtorchAfterAnEmptyDirectory_isFoundWithItsVersion() throws IOException {
        Path lib = installed("torch");
        Files.writeString(temp.resolve("build-version"), BRIDGE + "+cpu\n");
        String path = Files.createDirectory(temp.resolve("other")) + File.pathSeparator + lib;
        assertThat(named(Map.of(Libtorch.PATH, path))).contains(new Libtorch(lib, BRIDGE + "+cpu", false));
    }

    @Test
    void named_anotherVersion_isRefusedWithBoth() throws IOException {
        Path lib = installed("torch");
        Files.writeString(temp.resolve("version.py"), "__version__ = '" + BRIDGE + "0'\n");
        assertThatThrownBy(() -> named(Map.of(Libtorch.PATH, lib.toString())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is libtorch " + BRIDGE + "0, expected " + BRIDGE + ",");
    }

    @Test
    void named_unknownVersion_isTakenWhereTheUserNamesIt() throws IOException {
        Path lib = installed("torch");
        assertThatThrownBy(() -> named(Map.of(Libtorch.PATH, lib.toString())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("set PYTORCH_VERSION=" + BRIDGE);
        assertThat(named(Map.of(Libtorch.PATH, lib.toString(), Libtorch.VERSION, BRIDGE)))
                .contains(new Libtorch(lib, BRIDGE, false));
    }

    @Test
    void named_noLibtorch_isRefusedWithThePath() {
        assertThatThrownBy(() -> named(Map.of(Libtorch.PATH, temp.toString())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("PYTORCH_LIBRARY_PATH: no " + System.mapLibraryName("torch"))
                .hasMessageContaining(temp.toString());
    }

    /** Links to the libraries that this process uses, so that another directory than the class path's is loaded. */
    @Test
    void open_inAProcessWithTheVariable_computesByThatLibrary() throws Exception {
        try (Torch torch = Torch.open("cpu", 1)) {
            assertThat(torch.device()).isEqualTo("cpu");
        }
        Path lib = Files.createDirectory(temp.resolve("lib"));
        List<Path> links = new ArrayList<>();
        try (var files = Files.list(Path.of(LibUtils.getLibtorchPath()))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                links.add(
                        Files.createSymbolicLink(lib.resolve(file.getFileName().toString()), file.toRealPath()));
            }
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LoadedLibtorch.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(Libtorch.PATH, lib.toString());
        builder.environment().put(Libtorch.VERSION, BRIDGE);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        for (Path link : links) { // the temporary directory's own clean-up warns of each
            Files.delete(link);
        }
        assertThat(output).contains("computed by " + BRIDGE + " of PYTORCH_LIBRARY_PATH (" + lib + "), processor");
    }

    /** What the other process runs. */
    public static final class LoadedLibtorch {
        private LoadedLibtorch() {}

        public static void main(String[] args) {
            try (Torch torch = Torch.open("cpu", 1);
                    Scope scope = torch.scope()) {
                scope.zeros(2);
                System.out.println("computed by " + Libtorch.loaded());
            }
        }
    }

    private Path installed(String library) throws IOException {
        Path lib = Files.createDirectory(temp.resolve("lib"));
        Files.createFile(lib.resolve(System.mapLibraryName(library)));
        return lib;
    }

    private static Optional<Libtorch> named(Map<String, String> environment) {
        return Libtorch.named(environment::get);
    }
}
