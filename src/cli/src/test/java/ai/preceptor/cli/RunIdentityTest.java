package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.keys.RunIdentity;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdentityTest {

    /** So a checkpoint that lacks a key, which an upgrade brought, is that of a run which did not give it. */
    @ParameterizedTest
    @ValueSource(strings = {"sft", "rank", "policy"})
    void defaults_areTheIdentityOfKeysThatAreNotGiven(String command, @TempDir Path model) throws IOException {
        String config = Files.readString(Golden.dir("tiny-chat").resolve("config.json"));
        Files.writeString( // a context that policy's answers of 512 tokens fit into
                model.resolve("config.json"),
                config.replace("\"max_position_embeddings\": 512", "\"max_position_embeddings\": 4096"));
        List<String> words = List.of(
                "model=" + model,
                "data=" + Golden.file("pairs.jsonl"),
                command.equals("policy") ? "rule=brevity" : "seed=42");
        Record keys = (Record) Commands.standard().named(command).read(null, words);
        Map<String, String> identity = RunIdentity.of(keys);
        Map<String, String> defaults = Resolved.defaults(keys.getClass());
        assertThat(defaults).containsKeys("seed", "batch_size", "learning_rate", "shuffle");
        defaults.forEach((key, value) ->
                assertThat(identity.getOrDefault(key, value)).as(key).isEqualTo(value));
    }

    /** It may be changed while a reward model is trained, and not when a recipe has finished it. */
    @Test
    void subsetColumn_isOfAFinishedRunAlone() {
        List<String> words = List.of(
                "model=" + Golden.dir("tiny-chat"),
                "data=" + Golden.file("pairs.jsonl"),
                "eval_rows=4",
                "subset_column=topic");
        Record keys = (Record) Commands.standard().named("reward").read(null, words);
        assertThat(RunIdentity.of(keys)).doesNotContainKey("subset_column");
        assertThat(RunIdentity.ofDeciding(keys)).containsEntry("subset_column", "topic");
    }

    /** A run that it ended goes on with a higher one; a stage that a recipe has finished is not shown as if made with another. */
    @Test
    void maxNumGenBatches_isOfAFinishedRunAlone() {
        List<String> words = List.of(
                "model=" + Golden.dir("tiny-chat"),
                "data=" + Golden.file("pairs.jsonl"),
                "rule=brevity",
                "online=true",
                "max_num_gen_batches=3");
        Record keys = (Record) Commands.standard().named("rank").read(null, words);
        assertThat(RunIdentity.of(keys)).doesNotContainKey("max_num_gen_batches");
        assertThat(RunIdentity.ofDeciding(keys)).containsEntry("max_num_gen_batches", "3");
    }

    @Test
    void template_otherWordsUnderTheSamePath_areAnotherRun(@TempDir Path directory) throws IOException {
        Path template = directory.resolve("judge.txt");
        Files.writeString(template, "=== user\nGrade {{prompt}} {{answer}} from 1 to 10.");
        List<String> words = List.of(
                "model=" + Golden.dir("tiny-chat"),
                "data=" + Golden.file("pairs.jsonl"),
                "teacher_url=http://127.0.0.1:1/v1",
                "teacher_model=judge",
                "teacher_template=" + template,
                "max_completion_length=4");
        Map<String, String> first =
                RunIdentity.of((Record) Commands.standard().named("policy").read(null, words));
        Files.writeString(template, "=== user\nGrade {{answer}} to {{prompt}} from 1 to 10.");
        Map<String, String> second =
                RunIdentity.of((Record) Commands.standard().named("policy").read(null, words));
        assertThat(first.get("teacher_template")).startsWith(template + " (SHA-256 ");
        assertThat(second.get("teacher_template")).isNotEqualTo(first.get("teacher_template"));
    }
}
