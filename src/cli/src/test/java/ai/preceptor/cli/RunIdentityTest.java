package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.keys.RunIdentity;
import ai.preceptor.testkit.Golden;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdentityTest {

    /** So a checkpoint that lacks a key, which an upgrade brought, is that of a run which did not give it. */
    @ParameterizedTest
    @ValueSource(strings = {"sft", "rank", "policy"})
    void defaults_areTheIdentityOfKeysThatAreNotGiven(String command) {
        List<String> words = List.of(
                "model=" + Golden.dir("tiny-chat"),
                "data=" + Golden.file("pairs.jsonl"),
                command.equals("policy") ? "rule=brevity" : "seed=42");
        Record keys = (Record) Commands.standard().named(command).read(null, words);
        Map<String, String> identity = RunIdentity.of(keys);
        Map<String, String> defaults = Resolved.defaults(keys.getClass());
        assertThat(defaults).containsKeys("seed", "batch_size", "learning_rate", "shuffle");
        defaults.forEach((key, value) ->
                assertThat(identity.getOrDefault(key, value)).as(key).isEqualTo(value));
    }
}
