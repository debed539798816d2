package ai.preceptor.cli.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.config.KeyRow;
import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.RewardConfig;
import ai.preceptor.cli.keys.training.SftConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code trl-fields.txt} says with which versions it was made, and how. */
class ForeignNamesTest {
    /** TRL's configuration classes and the command that does the same. */
    private static final Map<String, Class<? extends Record>> COMMANDS = Map.of(
            "DPOConfig", RankConfig.class,
            "KTOConfig", RankConfig.class,
            "GRPOConfig", PolicyConfig.class,
            "RLOOConfig", PolicyConfig.class,
            "RewardConfig", RewardConfig.class,
            "SFTConfig", SftConfig.class,
            "LoraConfig", SftConfig.class,
            "ModelConfig", SftConfig.class,
            "ScriptArguments", SftConfig.class);

    private static final List<String> VALUES = List.of("true", "false", "none", "steps", "epoch", "3", "else");

    private final ForeignNames names = ForeignNames.standard();

    @Test
    void find_everyFieldOfTrlAndPeft_isAKeyOrExplained() throws IOException {
        List<String> unknown = new ArrayList<>();
        int fields = 0;
        for (String line : resource().toList()) {
            String trainer = line.substring(0, line.indexOf(':'));
            Class<? extends Record> command = COMMANDS.get(trainer);
            assertThat(command).as(trainer).isNotNull();
            Set<String> keys = keys(command);
            for (String field : line.substring(line.indexOf(':') + 2).split(" ")) {
                fields++;
                if (!keys.contains(field) && !isExplained(field, keys)) {
                    unknown.add(trainer + "." + field);
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(fields).isGreaterThan(900);
    }

    private boolean isExplained(String field, Set<String> keys) {
        return VALUES.stream().allMatch(value -> names.find(field, value, keys).isPresent());
    }

    @Test
    void all_whatToWriteInstead_isAKeyOfSomeCommand() {
        Set<String> keys = new HashSet<>();
        COMMANDS.values().forEach(command -> keys.addAll(keys(command)));
        assertThat(names.all())
                .hasSizeGreaterThan(200)
                .filteredOn(one -> one.action() == ForeignName.Action.WRITE)
                .hasSizeGreaterThan(40)
                .allSatisfy(one -> assertThat(keys).contains(one.key()));
    }

    /** The ten names from a trial, in each of the commands where they mean something. */
    @Test
    void find_wordsOfATrial_giveALineToWrite() {
        Set<String> rank = keys(RankConfig.class);
        assertThat(told("per_device_train_batch_size", "4", rank))
                .startsWith("TRL's per_device_train_batch_size is batch_size here: write batch_size=4 (");
        assertThat(told("output_dir", "runs/x", rank)).contains("write output=runs/x ");
        assertThat(told("bf16", "true", rank)).contains("write dtype=bfloat16 ");
        assertThat(told("bf16", "false", rank)).contains("write dtype=float32 ");
        assertThat(told("eval_strategy", "no", rank)).contains("is not needed here, leave it out");
        assertThat(told("eval_strategy", "epoch", rank)).contains("has no counterpart here; evaluation is by steps");
        assertThat(told("reference_model", "m", rank)).endsWith("write ref_model=m");
        assertThat(told("max_completion_length", "9", rank)).contains("write max_new_tokens=9 ");
        assertThat(told("model_name_or_path", "m", rank)).contains("write model=m ");
        assertThat(told("r", "8", rank)).isEqualTo("PEFT's r is lora_r here: write lora_r=8");
        assertThat(told("target_modules", "[q_proj, v_proj]", rank))
                .endsWith("write lora_target_modules=[q_proj, v_proj]");
        assertThat(names.find("use_vllm", "true", rank).orElseThrow().told("true", false))
                .startsWith("TRL's use_vllm has no counterpart here; rollout_url=URL names vLLM servers");
        assertThat(told("vllm_server_base_url", "http://a:1/v1", keys(PolicyConfig.class)))
                .contains("write rollout_url=http://a:1/v1 ");
    }

    @Test
    void told_inAFile_isALineOfYaml() {
        ForeignName found = names.find("bf16", "true", keys(SftConfig.class)).orElseThrow();
        assertThat(found.told("true", true)).contains("write dtype: bfloat16 ");
    }

    @Test
    void ofValue_valuesThatMeanAnotherKeyOrWord_areExplained() {
        assertThat(names.ofValue("warmup_steps", "0.1").orElseThrow().told("0.1", false))
                .contains("warmup_ratio=0.1");
        assertThat(names.ofValue("warmup_steps", "-3")).isEmpty();
        assertThat(names.ofValue("scale_rewards", "true").orElseThrow().told("true", true))
                .isEqualTo("TRL's scale_rewards=true: write scale_rewards: group");
        assertThat(names.ofValue("dtype", "bf16")).isPresent();
        assertThat(names.ofValue("beta", "x")).isEmpty();
    }

    @Test
    void find_unknownName_isEmpty() {
        assertThat(names.find("betta", "1", keys(RankConfig.class))).isEmpty();
    }

    @Test
    void parse_linesThatAreNotAsTheHeadSays_areRefused() {
        assertThatThrownBy(() -> ForeignNames.parse("[TRL]\na | * | b=$")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ForeignNames.parse("[TRL]\na | * | nohting | "))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ForeignNames.parse("a | * | none | ")).isInstanceOf(IllegalArgumentException.class);
    }

    private String told(String name, String value, Set<String> keys) {
        return names.find(name, value, keys).orElseThrow().told(value, false);
    }

    private static Set<String> keys(Class<? extends Record> command) {
        return KeyRow.of(command).stream()
                .map(row -> row.path().replaceFirst("\\..*", ""))
                .collect(Collectors.toSet());
    }

    private static Stream<String> resource() throws IOException {
        try (var stream = ForeignNamesTest.class.getResourceAsStream("trl-fields.txt")) {
            assertThat(stream).isNotNull();
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n")).filter(line -> !line.startsWith("#"));
        }
    }
}
