package ai.preceptor.lm.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.torch.Libtorch;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class CollectiveLibraryTest {
    @TempDir
    Path directory;

    @Test
    void find_givenFile_isTaken() throws IOException {
        Path file = Files.createFile(directory.resolve("libown.so"));
        assertThat(CollectiveLibrary.find(file)).isEqualTo(file.toAbsolutePath());
    }

    @Test
    void find_givenFileThatIsMissing_namesItAndTheArtifact() {
        assertThatThrownBy(() -> CollectiveLibrary.find(directory.resolve("libnone.so")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("collective_library: expected the file ")
                .hasMessageContaining("found none at " + directory.resolve("libnone.so"))
                .hasMessageContaining(
                        "ai.preceptor:preceptor-collective with classifier torch" + Libtorch.bridgeVersion());
    }

    @Test
    void find_ofAnotherLibtorch_isRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("libpreceptor-collective-torch2.5.0.so"));
        assertThatThrownBy(() -> CollectiveLibrary.find(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "expected a library for libtorch " + Libtorch.bridgeVersion() + ", found " + file);
    }

    @Test
    @DisabledIfEnvironmentVariable(named = CollectiveLibrary.VARIABLE, matches = ".+")
    void find_onNoClassPath_saysHowToGetIt() {
        assertThatThrownBy(() -> CollectiveLibrary.find(null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("several learners need ")
                .hasMessageContaining("which is not on the class path. Add ai.preceptor:preceptor-collective")
                .hasMessageContaining("docs/learners.md");
    }

    @Test
    @DisabledIfEnvironmentVariable(named = CollectiveLibrary.VARIABLE, matches = ".+")
    void find_onTheClassPath_isUnpackedOnceUnderItsName() throws IOException {
        String name = System.mapLibraryName("preceptor-collective-torch" + Libtorch.bridgeVersion());
        Path resource = directory.resolve("META-INF/native/" + Libtorch.platform() + "/" + name);
        Files.createDirectories(resource.getParent());
        Files.writeString(resource, "a library");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            Path found = CollectiveLibrary.find(null);
            assertThat(found).hasFileName(name).hasContent("a library");
            assertThat(CollectiveLibrary.find(null))
                    .as("of the next stage: another file would be another library")
                    .isEqualTo(found);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
