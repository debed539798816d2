package ai.preceptor.train.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedGroupTest {
    /** A run by its name. */
    private record Run(String name, Optional<RunSettings> settings, RunEnd end) implements RecordedRun {
        static Run of(String name, String command, Map<String, String> values, boolean finished, long millis) {
            return new Run(name, Optional.of(new RunSettings(command, values)), new RunEnd(finished, millis));
        }

        static Run seed(String name, String seed, boolean finished, long millis) {
            return of(name, "policy", Map.of("beta", "0.1", "seed", seed), finished, millis);
        }
    }

    private static List<String> grouped(Run... runs) {
        return SeedGroup.of(List.of(runs)).stream()
                .map(group ->
                        String.join(" ", group.runs().stream().map(Run::name).toList())
                                + (group.repeated() == null
                                        ? ""
                                        : " = " + group.repeated().name()))
                .toList();
    }

    @Test
    void of_equalSettingsApartFromTheSeed_areOneGroup() {
        Run other = Run.of("other", "policy", Map.of("beta", "0.2", "seed", "1"), true, 1);
        Run rank = Run.of("rank", "rank", Map.of("beta", "0.1", "seed", "4"), true, 1);
        Run none = new Run("none", Optional.empty(), new RunEnd(true, 1));
        Run nothing = new Run("nothing", Optional.empty(), new RunEnd(true, 1));

        assertThat(grouped(Run.seed("a", "1", true, 1), none, other, Run.seed("b", "2", false, 1), rank, nothing))
                .containsExactly("a b", "none", "other", "rank", "nothing");
    }

    @Test
    void of_oneSeedSeveralTimes_theLaterFinishedCounts() {
        assertThat(grouped(Run.seed("a", "1", true, 5), Run.seed("b", "1", true, 9), Run.seed("c", "1", false, 20)))
                .containsExactly("b", "a = b", "c = b");
        assertThat(grouped(Run.seed("a", "1", false, 9), Run.seed("b", "1", false, 5), Run.seed("c", "2", true, 1)))
                .containsExactly("a c", "b = a");
    }

    @Test
    void of_runsWithoutASeed_areRepeats() {
        Run a = Run.of("a", "eval", Map.of("data", "x"), true, 1);
        Run b = Run.of("b", "eval", Map.of("data", "x"), true, 2);

        assertThat(grouped(a, b)).containsExactly("b", "a = b");
    }

    @Test
    void end_isWhatTheStatusSays_elseTheTimesOfFiles() throws IOException {
        JsonNode status = new ObjectMapper().readTree("{\"state\":\"stopped\",\"updated\":7}");
        JsonNode older = new ObjectMapper().readTree("{\"state\":\"stopped\"}");

        assertThat(RunEnd.of(status, 5, 9)).isEqualTo(new RunEnd(false, 7));
        assertThat(RunEnd.of(older, 5, 9)).isEqualTo(new RunEnd(true, 9));
        assertThat(RunEnd.of(MissingNode.getInstance(), 0, 9)).isEqualTo(new RunEnd(false, 9));
    }

    @Test
    void headline_isOfTheCommand_theMostTellingFirst() {
        Set<String> metrics = Set.of("loss", "reward", "objective/kl", "accuracy", "eval_reward");

        assertThat(Headline.among("policy", metrics, 2))
                .extracting(Headline::name)
                .containsExactly("reward", "eval_reward");
        assertThat(Headline.among("policy", metrics, 9))
                .extracting(Headline::name)
                .containsExactly("reward", "eval_reward", "objective/kl");
        assertThat(Headline.among("reward", metrics, 9))
                .extracting(Headline::name)
                .containsExactly("accuracy", "loss");
        assertThat(Headline.among("", metrics, 9))
                .extracting(Headline::name)
                .containsExactly("reward", "eval_reward", "objective/kl", "accuracy", "loss");
        assertThat(Headline.named("loss").better()).isEqualTo(Headline.Better.LOWER);
        assertThat(Headline.named("own").better()).isEqualTo(Headline.Better.NEITHER);
    }
}
