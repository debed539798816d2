package ai.preceptor.cli.command.learners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnersRunTest {
    @TempDir
    Path directory;

    /** Refused for one reason where there is such a device, for another where there is none. */
    @Test
    void join_onCuda_isRefusedBeforeALearnerStarts() throws IOException {
        Path library = Files.createFile(directory.resolve("libown.so"));
        LearnersKeys keys = new LearnersKeys(2, library, false, null);
        try (LearnersRun learners = LearnersRun.of(keys, "rank", directory)) {
            assertThatThrownBy(() -> learners.join(new DeviceKeys("cuda:0", 1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("device: ")
                    .hasMessageContaining("cuda:0");
        }
        assertThat(directory.resolve(LearnersRun.LOG)).doesNotExist();
    }
}
