package ai.preceptor.lm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeLibraryTest {
    @TempDir
    Path directory;

    @Test
    void require_withoutAnArtifact_saysWhichToAdd() throws IOException {
        try (URLClassLoader none = new URLClassLoader(new URL[0], null)) {
            assertThatThrownBy(() -> NativeLibrary.require(none, name -> null, "linux-x86_64"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("found: none")
                    .hasMessageContaining("ai.djl.pytorch:pytorch-native-cpu with classifier linux-x86_64")
                    .hasMessageContaining("PYTORCH_LIBRARY_PATH");
        }
    }

    @Test
    void require_withAnotherPlatformsArtifact_namesBoth() throws IOException {
        try (URLClassLoader other = artifact("osx-aarch64")) {
            assertThatThrownBy(() -> NativeLibrary.require(other, name -> null, "linux-x86_64"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("libtorch for linux-x86_64")
                    .hasMessageContaining("found: that of osx-aarch64");
            assertThatCode(() -> NativeLibrary.require(other, name -> null, "osx-aarch64"))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PYTORCH_LIBRARY_PATH", "PYTORCH_VERSION"})
    void require_withASettingOfDjl_leavesItToDjl(String setting) throws IOException {
        try (URLClassLoader none = new URLClassLoader(new URL[0], null)) {
            assertThatCode(() -> NativeLibrary.require(none, Map.of(setting, "x")::get, "linux-x86_64"))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-x86_64",
        "Linux, aarch64, linux-aarch64",
        "Mac OS X, aarch64, osx-aarch64",
        "Mac OS X, x86_64, osx-x86_64",
        "Windows 11, amd64, win-x86_64"
    })
    void platform_isNamedAsByDjl(String system, String processor, String expected) {
        assertThat(NativeLibrary.platform(system, processor)).isEqualTo(expected);
    }

    private URLClassLoader artifact(String platform) throws IOException {
        Path file = directory.resolve("native/lib/pytorch.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "version=2.7.1\nflavor=cpu\nclassifier=" + platform + "\n");
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, null);
    }
}
