package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters through the command line: what is left in the run's directory, going on, reading, merging. */
class AdapterCommandTest {
    @TempDir
    Path directory;

    @Test
    void rank_stopped_goesOnToTheBit() throws IOException {
        List<JsonNode> whole = rank("whole", "max_steps=4", "save_steps=2");
        rank("part", "max_steps=2", "save_steps=2");
        List<JsonNode> resumed = rank("part", "max_steps=4", "resume=true", "gradient_checkpointing=true");

        assertThat(resumed).hasSize(4).isEqualTo(whole);
        assertThat(adapter("part")).hasSameBinaryContentAs(adapter("whole"));
        Path checkpoint = directory.resolve("part/checkpoints/step-2");
        assertThat(checkpoint.resolve("adapter_model.safetensors")).exists();
        assertThat(checkpoint.resolve("model.safetensors")).doesNotExist();
    }

    @Test
    void convert_ofAnAdapter_givesTheSameLogprobs() throws IOException {
        rank("run", "max_steps=2");
        Path model = directory.resolve("run/model");
        Path merged = directory.resolve("merged");
        done("convert", "model=" + model, "output=" + merged);

        assertThat(merged.resolve("model.safetensors")).exists();
        assertClose(logprobs("model=" + merged), logprobs("model=" + model));
        assertThat(logprobs("model=" + Golden.dir("tiny-chat"), "adapter=" + model))
                .isEqualTo(logprobs("model=" + model));
        assertThat(logprobs("model=" + Golden.dir("tiny-chat"))).isNotEqualTo(logprobs("model=" + model));
    }

    /** An adapter given apart has the texts of its own directory, as where it is the model; its base is the one that is given. */
    @Test
    void adapterGivenApart_hasItsOwnTemplate() throws IOException {
        rank("run", "max_steps=2");
        Path adapter = directory.resolve("run/model");
        Path template = adapter.resolve("chat_template.jinja");
        Files.writeString(template, "Own: " + Files.readString(template));
        Path pairs = Files.writeString(
                directory.resolve("chats.jsonl"),
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"chosen\": \"Good.\", \"rejected\": \"No.\"}\n");
        List<JsonNode> whole = logprobsOf(pairs, "model=" + adapter);
        Path config = adapter.resolve("adapter_config.json");
        ObjectNode named = (ObjectNode) new ObjectMapper().readTree(config.toFile());
        Files.writeString(
                config, named.put("base_model_name_or_path", "org/elsewhere").toString());
        Path merged = directory.resolve("merged");
        done("convert", "model=" + Golden.dir("tiny-chat"), "adapter=" + adapter, "output=" + merged);

        assertThat(logprobsOf(pairs, "model=" + Golden.dir("tiny-chat"), "adapter=" + adapter))
                .isEqualTo(whole);
        assertThat(merged.resolve("chat_template.jinja")).hasSameTextualContentAs(template);
    }

    /** An adapter's own directory as the model leaves a reward model as it is; its name beside the model must, too. */
    @Test
    void policy_rewardModel_isNotGivenTheStudentsAdapter() throws IOException {
        rank("run", "max_steps=2");
        String data = "data=" + Golden.file("pairs.jsonl");
        String model = "model=" + Golden.dir("tiny-chat");
        Path adapter = directory.resolve("run/model");
        done(
                "reward",
                model,
                data,
                "output=" + directory.resolve("reward"),
                "max_steps=2",
                "learning_rate=1e-2",
                "threads=1");
        assertThat(firstReward("beside", model, "adapter=" + adapter))
                .isEqualTo(firstReward("own", "model=" + adapter));
    }

    private double firstReward(String name, String... student) throws IOException {
        List<String> all = new ArrayList<>(List.of(student));
        all.addAll(List.of(
                "data=" + Golden.file("pairs.jsonl"),
                "reward_model=[" + directory.resolve("reward/model") + "]",
                "output=" + directory.resolve(name),
                "max_steps=1",
                "batch_size=4",
                "num_generations=2",
                "max_completion_length=8",
                "threads=1"));
        all.add(0, "policy");
        done(all.toArray(String[]::new));
        return CommandRun.rows(directory.resolve(name).resolve("metrics.jsonl"))
                .get(0)
                .path("reward")
                .doubleValue();
    }

    @Test
    void rank_keysOfAnAdapterWithoutOne_areRefused() {
        assertThat(refused("lora_alpha=8")).contains("lora_r: expected a rank");
    }

    @Test
    void rank_forwardTypeThatIsNotThere_isRefused() throws IOException {
        rank("run", "max_steps=1");
        String besideAdapter = "forward_dtype: expected none with an adapter";
        assertThat(refused("forward_dtype=float32", "lora_r=4")).contains(besideAdapter);
        assertThat(refused("forward_dtype=float32", "adapter=" + directory.resolve("run/model")))
                .contains(besideAdapter);
        assertThat(refusedOf(directory.resolve("run/model"), "forward_dtype=float32", "dtype=bfloat16"))
                .contains(besideAdapter);
        assertThat(refused("forward_dtype=bfloat16")).contains("forward_dtype: expected float32 or none");
    }

    @Test
    void rank_ofAnAdapterWithOtherKeys_isRefusedByTheirNames() throws IOException {
        rank("run", "max_steps=1");
        assertThat(goingOn("dropout", "lora_r=4", "lora_dropout=0.1"))
                .contains("lora_dropout: expected 0.2, found 0.1; the model is adapter ");
        assertThat(goingOn("saved", "lora_r=4", "lora_modules_to_save=[embed_tokens]"))
                .contains("lora_modules_to_save: expected [lm_head], found [embed_tokens]; the model is adapter ");
        assertThat(goingOn("targets", "lora_r=4", "lora_target_modules=[q_proj]"))
                .contains("lora_target_modules: received [\"q_proj\"], which leaves out model.layers.0.self_attn.k_proj"
                        + "; the model is adapter ");
        assertThat(goingOn("rank", "lora_r=8", "lora_alpha=16"))
                .contains("lora_r: expected 4, found 8; lora_alpha: expected 32.0, found 16.0; the model is adapter ");
    }

    /** What is said of keys with which the adapter of {@code run} is not trained on. */
    private String goingOn(String name, String... keys) {
        return refused(going(directory.resolve("run/model"), name, keys));
    }

    /** Rounds of a recipe have one set of keys, and begin an adapter in the first round only. */
    @Test
    void rank_ofAnAdapterWithItsOwnKeys_goesOnWithIt() throws IOException {
        rank("run", "max_steps=1");
        Path model = directory.resolve("run/model");
        String all = "lora_r=4 lora_dropout=0.2 lora_target_modules=all-linear lora_modules_to_save=[lm_head]";
        for (String keys : List.of(all, "lora_r=4", "use_peft=true", "")) {
            String name = "again" + keys;
            CommandRun run = going(model, name, keys.isEmpty() ? new String[0] : keys.split(" "));
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(directory.resolve(name).resolve("model/adapter_config.json"))
                    .hasSameTextualContentAs(model.resolve("adapter_config.json"));
        }
    }

    /** What is said of a configuration that is refused. */
    private String refused(String... keys) {
        return refusedOf(Golden.dir("tiny-chat"), keys);
    }

    private String refusedOf(Path model, String... keys) {
        return refused(going(model, "none", keys));
    }

    private static String refused(CommandRun run) {
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        return run.err();
    }

    private CommandRun going(Path model, String output, String... keys) {
        List<String> words = new ArrayList<>(List.of("rank", "model=" + model));
        words.addAll(List.of("data=" + Golden.file("pairs.jsonl"), "output=" + directory.resolve(output)));
        words.addAll(List.of("max_steps=1", "batch_size=4", "threads=1"));
        words.addAll(List.of(keys));
        return CommandRun.of(words.toArray(String[]::new));
    }

    /** The sum of an adapter and its base is rounded once by convert, and once on the device: 1e-5 a token at most. */
    private static void assertClose(List<JsonNode> merged, List<JsonNode> adapted) {
        assertThat(merged).hasSameSizeAs(adapted);
        for (int i = 0; i < merged.size(); i++) {
            for (String side : List.of("chosen", "rejected")) {
                double tokens = adapted.get(i).path("tokens/" + side).doubleValue();
                assertThat(merged.get(i).path("tokens/" + side).doubleValue()).isEqualTo(tokens);
                assertThat(merged.get(i).path("logps/" + side).doubleValue())
                        .isCloseTo(adapted.get(i).path("logps/" + side).doubleValue(), within(1e-5 * tokens));
            }
        }
    }

    private List<JsonNode> logprobs(String... keys) throws IOException {
        return logprobsOf(Golden.file("pairs.jsonl"), keys);
    }

    private List<JsonNode> logprobsOf(Path pairs, String... keys) throws IOException {
        List<String> all = new ArrayList<>(List.of(keys));
        Path output = directory.resolve("logprobs.jsonl");
        all.addAll(List.of("data=" + pairs, "output=" + output, "threads=1"));
        all.add(0, "logprobs");
        done(all.toArray(String[]::new));
        return CommandRun.rows(output);
    }

    private List<JsonNode> rank(String name, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "rank",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(name),
                "lora_r=4",
                "lora_dropout=0.2",
                "lora_target_modules=all-linear",
                "lora_modules_to_save=[lm_head]",
                "learning_rate=1e-2",
                "lr_scheduler_type=constant",
                "batch_size=4",
                "gradient_accumulation_steps=2",
                "threads=1"));
        all.addAll(Arrays.asList(more));
        done(all.toArray(String[]::new));
        List<JsonNode> steps = CommandRun.rows(directory.resolve(name).resolve("metrics.jsonl"));
        steps.forEach(step -> ((ObjectNode) step).remove("step_time"));
        return steps;
    }

    private Path adapter(String run) throws IOException {
        Path file = directory.resolve(run).resolve("model/adapter_model.safetensors");
        assertThat(Files.size(file)).isPositive();
        return file;
    }

    private static void done(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
    }
}
