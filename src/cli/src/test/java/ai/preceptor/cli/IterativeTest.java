package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.ProjectRoot;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first two rounds of the iterative recipe as it stands: what it shows must stay so. */
class IterativeTest {
    @TempDir
    Path directory;

    /** The recipe names its threads and seeds, so its numbers do not depend on the machine's speed. */
    @Test
    void iterative_theSecondRoundIsAboveTheFirst() throws IOException {
        Path output = directory.resolve("run");
        String recipe = ProjectRoot.find().resolve("configs/iterative.yaml").toString();
        CommandRun run = CommandRun.exactly("run", recipe, "output=" + output, "repeat=2");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        JsonNode rounds = new ObjectMapper()
                .readTree(output.resolve("summary.json").toFile())
                .path("rounds");
        assertThat(rounds).hasSize(2);
        JsonNode first = rounds.path(0);
        JsonNode second = rounds.path(1);
        assertThat(first.path("win_rate_low").doubleValue()).as("%s", first).isGreaterThan(0.5);
        assertThat(second.path("win_rate").doubleValue())
                .as("%s after %s", second, first)
                .isGreaterThan(first.path("win_rate").doubleValue());
        assertThat(second.path("rule_score").doubleValue())
                .as("by a rule that nothing was trained on: %s after %s", second, first)
                .isGreaterThan(first.path("rule_score").doubleValue());
    }
}
