package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key that another leaves without effect is refused, by its name and with what it has an effect with. */
@Tag("steps-in-java")
class UnusedKeysCommandTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final Path ADAPTER = Golden.dir("models/llama-lora").resolve("adapter");
    private static final Path REWARD = Golden.dir("models/llama-reward");

    @TempDir
    private Path directory;

    private CommandRun refused(String command, String written) {
        List<String> arguments = new ArrayList<>(List.of(
                command,
                "model=" + (command.equals("score") ? REWARD : MODEL),
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(command.equals("score") ? "scores.jsonl" : "run")));
        if (" ".concat(written).contains(" model=")) {
            arguments.remove(1);
        }
        arguments.addAll(Arrays.asList(written.replace("ADAPTER", ADAPTER.toString())
                .replace("PAIRS", Golden.file("pairs.jsonl").toString())
                .replace("MODEL", MODEL.toString())
                .replace("REWARD", REWARD.toString())
                .split(" ", -1)));
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        return run;
    }

    @ParameterizedTest
    @CsvSource({
        "elicit, teacher=MODEL num_generations=2, teacher_url",
        "elicit, rule=brevity num_generations=2, teacher_url",
        "eval, rule=distinct_words, teacher_url",
        "policy, rule=distinct_words, teacher_url or distill_teacher_url",
        "rank, online=true rule=distinct_words, teacher_url",
        "distill, teacher=MODEL, teacher_url"
    })
    void keysOfCalls_needAServer(String command, String keys, String needed) {
        CommandRun run = refused(
                command,
                keys + " api_key_env=NO_KEY prompt_price=1 completion_price=2 max_cost=3 teacher_rpm=4 teacher_tpm=5"
                        + " teacher_concurrency=6 teacher_timeout=7 teacher_retries=8");
        for (String found : List.of(
                "api_key_env=NO_KEY",
                "prompt_price=1.0",
                "completion_price=2.0",
                "max_cost=3.0",
                "teacher_rpm=4",
                "teacher_tpm=5",
                "teacher_concurrency=6",
                "teacher_timeout=7.0",
                "teacher_retries=8")) {
            assertThat(run.err())
                    .contains(found.replace("=", ": expected nothing without " + needed + ", found ") + "\n");
        }
        assertThat(refused(command, keys + " teacher_ledger=" + directory.resolve("calls.sqlite"))
                        .err())
                .contains("teacher_ledger: expected nothing without " + needed
                        + " or a teacher that is asked in words, found ");
    }

    @ParameterizedTest
    @CsvSource({
        "elicit, teacher=MODEL num_generations=2",
        "eval, teacher=MODEL baseline=MODEL",
        "policy, rule=distinct_words",
        "rank, online=true teacher=MODEL"
    })
    void tokensOfReplies_needSomebodyWhoReplies(String command, String keys) {
        assertThat(refused(command, keys + " teacher_max_tokens=20").err())
                .containsPattern(
                        "teacher_max_tokens: expected nothing without teacher_url.* or a teacher that is asked in"
                                + " words, found 20");
    }

    @ParameterizedTest
    @CsvSource({
        "policy, rule=distinct_words",
        "policy, reward_model=REWARD",
        "rank, online=true rule=distinct_words",
        "eval, reward_model=REWARD baseline=MODEL",
        "score, normalize_rewards=false"
    })
    void stepAggregation_needsAProcessRewardModel(String command, String keys) {
        String room = command.equals("policy") ? " max_completion_length=8" : "";
        assertThat(refused(command, keys + room + " step_aggregation=product").err())
                .contains("step_aggregation: expected nothing without a process reward model, found product");
    }

    /** A reward model is measured on pairs, by their labels and agreement_teacher. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "teacher=MODEL baseline=MODEL",
                "rule=brevity",
                "reward_model=REWARD pairs=PAIRS",
                "baseline=MODEL reward_model=REWARD best_of=4",
                "num_generations=8",
                "max_new_tokens=9 temperature=0.5",
                "rollout_dtype=auto"
            })
    void keysOfStudents_areNoneOfARewardModel(String keys) {
        String found = refused("eval", "model=REWARD " + keys).err();
        for (String key : keys.split(" ")) {
            assertThat(found).contains(key.replaceFirst("=.*", "") + ": expected nothing without a student as model");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "agreement_teacher=MODEL, pairs",
        "reward_model=REWARD subset_column=topic, pairs",
        "normalize_rewards=true, reward_model",
        "baseline=MODEL reward_length_coef=1, reward_model",
        "rule=brevity reward_uncertainty_coef=1, reward_model"
    })
    void keysOfARewardModel_needOne(String keys, String needed) {
        String key = keys.replaceFirst(".* ", "").replaceFirst("=.*", "");
        assertThat(refused("eval", keys).err()).contains(key + ": expected nothing without " + needed + ", found ");
    }

    @ParameterizedTest
    @CsvSource({
        "policy, rule=distinct_words max_completion_length=8 normalize_rewards=true",
        "policy, teacher=REWARD max_completion_length=8 reward_length_coef=1",
        "rank, online=true rule=distinct_words reward_uncertainty_coef=1"
    })
    void readingOfRewards_needsARewardModel(String command, String keys) {
        String key = keys.replaceFirst(".* ", "").replaceFirst("=.*", "");
        assertThat(refused(command, keys).err()).contains(key + ": expected nothing without reward_model, found ");
    }

    @ParameterizedTest
    @CsvSource({
        "policy, int8",
        "policy, auto",
        "rank, auto",
    })
    void stepsOfSampling_needAnswersThatAreSampled(String command, String value) {
        List<String> words = new ArrayList<>(List.of(
                command,
                "model=" + MODEL,
                "rollouts=" + Golden.file("policy_rollouts.jsonl"),
                "rule=brevity",
                "output=" + directory.resolve("run"),
                "rollout_dtype=" + value));
        if (command.equals("rank")) {
            words.add("online=true");
        }
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("rollout_dtype: expected none where rollouts is given (")
                .contains(") and nothing is sampled (no eval_data, no greedy answers), found " + value);
    }

    /** Before a model loads, also where it was refused before: nothing is written. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rank   | loss_type=simpo ref_model=MODEL | ref_model: expected nothing without a loss that compares with a reference, found
            rank   | loss_type=rrhf precompute_ref_log_probs=true | precompute_ref_log_probs: expected nothing without a loss that compares with a reference, found true
            rank   | loss_type=orpo sync_ref_model=true | sync_ref_model: expected nothing without a loss that compares with a reference, found true
            rank   | loss_type=listmle reference_cache=cache | reference_cache: expected nothing without precompute_ref_log_probs=true, found
            rank   | reference_cache=cache | reference_cache: expected nothing without precompute_ref_log_probs=true, found
            rank   | ref_model_sync_steps=10 | ref_model_sync_steps: expected nothing without sync_ref_model=true, found 10
            rank   | loss_type=kto ref_model_mixup_alpha=0.5 | ref_model_mixup_alpha: expected nothing without sync_ref_model=true, found 0.5
            rank   | online=true rule=brevity ref_model_sync_steps=10 | ref_model_sync_steps: expected nothing without sync_ref_model=true, found 10
            rank   | sync_ref_model=true adapter=ADAPTER | sync_ref_model: expected false with an adapter
            rank   | sync_ref_model=true model=ADAPTER | sync_ref_model: expected false with an adapter
            rank   | loss_type=kto loss_weights=[2] | loss_weights: expected a form of DPO as loss_type, found kto
            policy | rule=brevity max_completion_length=8 beta=0.1 sync_ref_model=true adapter=ADAPTER | sync_ref_model: expected nothing with an adapter
            policy | rule=brevity max_completion_length=8 beta=0.1 ref_reset_steps=9 model=ADAPTER | ref_reset_steps: expected nothing with an adapter
            """)
    void keysOfAReference_needOneThatTheyAreFor(String command, String keys, String message) {
        assertThat(refused(command, keys).err()).contains(message);
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "loss_type=forward_kl beta=0.3, jsd in loss_type",
        "skew_alpha=0.3, skew_forward_kl or skew_reverse_kl in loss_type",
        "adaptive_mu=0.3, adaptive_kl in loss_type",
        "ema_decay=0.5, distillation=self",
        "teacher_learning_rate=0.1, distillation=online",
        "teacher_tail=spread, teacher_top_k above 0",
        "teacher_cache=CACHE, teacher_top_k above 0 or teacher_url",
        "sampling_temperature=0.5, lmbda above 0 or seq_kd=true",
        "max_new_tokens=7, lmbda above 0 or seq_kd=true",
        "rollout_dtype=int8, lmbda above 0 or seq_kd=true"
    })
    void keysOfTeaching_needWhatTheyAreFor(String key, String needed) {
        CommandRun run = refused("distill", "teacher=MODEL " + key.replace("CACHE", "" + directory.resolve("cache")));
        assertThat(run.err())
                .contains(key.replaceFirst(".* ", "").replaceAll("=.*", "") + ": expected nothing without " + needed
                        + ", found ");
    }

    /** What another loss, algorithm or setting reads is believed to be in force otherwise. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rank   | simpo_gamma=2 | expected nothing without simpo or alphapo in loss_type, found 2.0
            rank   | cpo_alpha=0 | expected nothing without cpo or cpo_hinge or cpo_ipo or simpo in loss_type, found 0.0
            rank   | loss_type=alphapo cpo_alpha=0.5 | expected nothing without cpo or cpo_hinge or cpo_ipo or simpo in loss_type, found 0.5
            rank   | rrhf_weight=3 | expected nothing without rrhf in loss_type, found 3.0
            rank   | loss_type=pro sft_reduction=mean | expected nothing without rrhf in loss_type, found mean
            rank   | desirable_weight=2 | expected nothing without kto or apo_zero_unpaired or bco in loss_type, found 2.0
            rank   | sft_weight=1 | expected nothing without pro in loss_type, found 1.0
            rank   | loss_type=rrhf beta=0.5 | expected nothing without another loss than rrhf or pro or listmle in loss_type, found 0.5
            rank   | loss_type=rrhf label_smoothing=0.2 | expected nothing without sigmoid or exo_pair or robust or aot or aot_unpaired or cdpo or cpo or simpo or alphapo in loss_type, found 0.2
            rank   | loss_type=[ipo,sft] discopop_tau=1 | expected nothing without discopop in loss_type, found 1.0
            rank   | f_divergence_type=forward_kl f_alpha_divergence_coef=0.9 | expected nothing without f_divergence_type=alpha_divergence, found 0.9
            policy | rule=brevity algorithm=grpo kl_placement=reward kl_estimator=k2 | expected nothing where beta is 0, since no reference is kept, found k2
            policy | rule=brevity algorithm=grpo kl_placement=reward | expected nothing where beta is 0, since no reference is kept, found reward
            policy | rule=brevity beta=0 kl_placement=loss use_bias_correction_kl=false | expected nothing where beta is 0, since no reference is kept, found false
            policy | rule=brevity algorithm=grpo normalize_advantages=true | expected false with algorithm grpo, which does not read it, found true
            policy | distill_teacher=MODEL algorithm=opd beta=0.5 kl_placement=reward | expected loss with algorithm opd, which reads no reward, found reward
            policy | distill_teacher=MODEL algorithm=opd beta=0.5 kl_placement=both | expected loss with algorithm opd, which reads no reward, found both
            policy | rule=brevity scale_rewards=none | expected group with algorithm rloo, which does not read it, found none
            """)
    void numbersOfALoss_needOneThatReadsThem(String command, String keys, String message) {
        String room = command.equals("policy") ? " max_completion_length=8" : "";
        String key = keys.replaceFirst(".* ", "").replaceFirst("=.*", "");
        assertThat(refused(command, keys + room).err()).contains(key + ": " + message + "\n");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sft    | lr_scheduler_type=cosine lr_scheduler_kwargs.min_lr=1e-6 | lr_scheduler_kwargs.min_lr: expected nothing with cosine, which takes num_cycles; found 1.0E-6
            rank   | lr_scheduler_kwargs.timescale=3 | lr_scheduler_kwargs.timescale: expected nothing with linear, which takes no options; found 3
            reward | lr_scheduler_type=polynomial lr_scheduler_kwargs.num_cycles=2 | expected nothing with polynomial, which takes lr_end, power; found 2.0
            """)
    void optionsOfASchedule_needOneThatTakesThem(String command, String keys, String message) {
        assertThat(refused(command, keys).err()).contains(message);
    }
}
