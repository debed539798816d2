package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.ProjectRoot;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart, whole and as it stands: what it shows must stay so. */
class QuickstartTest {
    @TempDir
    Path directory;

    /** The recipe names its threads and seeds, so its numbers do not depend on the machine's speed. */
    @Test
    void quickstart_everyMethodWinsAndTheRewardModelIsRight() throws IOException {
        Path output = directory.resolve("run");
        String recipe = ProjectRoot.find().resolve("configs/quickstart.yaml").toString();
        CommandRun run = CommandRun.exactly("run", recipe, "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        JsonNode reward = summary(output.resolve("reward"));
        assertThat(reward.path("eval_accuracy").doubleValue())
                .as("reward accuracy on %s pairs", reward.path("eval_pairs"))
                .isGreaterThan(0.8);
        List<String> methods = new ArrayList<>();
        for (JsonNode method : summary(output.resolve("eval")).path("methods")) {
            if (method.path("win_rate").isNumber()) { // the start has none
                methods.add(method.path("method").asText());
                assertThat(method.path("win_rate_low").doubleValue())
                        .as("lower bound of the win rate: %s", method)
                        .isGreaterThan(0.5);
            }
        }
        assertThat(methods).containsExactly("rloo", "dpo", "rrhf", "pro");
        assertThat(run.out()).contains("win rate", "reward: accuracy ");
    }

    private static JsonNode summary(Path stage) throws IOException {
        return new ObjectMapper().readTree(stage.resolve("summary.json").toFile());
    }
}
