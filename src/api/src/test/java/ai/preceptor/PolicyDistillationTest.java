package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicyParts;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.opd.OpdSettings;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On-policy distillation, alone and beside a reward. */
class PolicyDistillationTest {
    private static final Path TEACHER = Golden.dir("tiny-teacher");

    @TempDir
    private Path folder;

    private static PolicySettings alone(OpdSettings opd) {
        return PolicyRun.options(PolicyAlgorithm.OPD)
                .numGenerations(null)
                .opd(opd)
                .build();
    }

    private static OpdSettings teacher() {
        return OpdSettings.builder().distillTeacher(List.of(TEACHER)).build();
    }

    @Test
    void opd_alone_bringsTheStudentNearerToTheTeacher() {
        PolicyRun run = new PolicyRun();
        PolicySummary summary = run.inMemory(
                PolicyRun.BREVITY,
                alone(teacher()),
                PolicyRun.config(16).learningRate(3e-3).build());
        assertThat(run.mean("opd/reverse_kl", 12, 16))
                .as("nats a token, from %s", run.column("opd/reverse_kl"))
                .isLessThan(0.8 * run.mean("opd/reverse_kl", 0, 2));
        assertThat(run.column("opd/tokens_unscored")).containsOnly(0.0);
        assertThat(run.column("opd/max_weight")).containsOnly(1.0);
        assertThat(run.steps.get(0).metrics()).doesNotContainKey("objective/kl");
        assertThat(run.samples).as("one answer to a prompt").hasSize(16 * 32);
        assertThat(summary.training().steps()).isEqualTo(16);
        long first = run.liveTensors.get(2);
        assertThat(run.liveTensors.subList(2, 16))
                .as("tensors of the teacher's passes are freed")
                .containsOnly(first);
    }

    /** The term comes after the reward's advantage, which sums to 0 over a group of answers. */
    @Test
    void opd_besideAReward_addsToItsAdvantages() {
        PolicyRun plain = new PolicyRun();
        plain.inMemory(
                PolicyRun.BREVITY,
                PolicyRun.options(PolicyAlgorithm.RLOO).build(),
                PolicyRun.config(1).build());
        PolicyRun both = new PolicyRun();
        both.inMemory(
                PolicyRun.BREVITY,
                PolicyRun.options(PolicyAlgorithm.RLOO).opd(teacher()).build(),
                PolicyRun.config(1).build());
        double sum = 0;
        for (int i = 0; i < plain.samples.size(); i++) {
            assertThat(both.samples.get(i).get("completion"))
                    .isEqualTo(plain.samples.get(i).get("completion"));
            double added = (double) both.samples.get(i).get("advantage")
                    - (double) plain.samples.get(i).get("advantage");
            assertThat(added).isNotZero();
            sum += added * (int) both.samples.get(i).get("tokens");
        }
        StepMetrics step = both.steps.get(0);
        double tokens =
                both.samples.stream().mapToInt(row -> (int) row.get("tokens")).sum();
        assertThat(-sum / tokens).isCloseTo(step.metrics().get("opd/reverse_kl"), within(1e-9));
        assertThat(step.metrics()).containsKeys("rewards/rule:brevity/mean", "objective/kl", "teacher_time");
    }

    /** In the middle of a batch: the advantages with the teacher's part are in the checkpoint. */
    @Test
    void resume_equalsTheStraightRun() {
        PolicyOptions options = new PolicyOptions(PolicyRun.options(PolicyAlgorithm.RLOO)
                .numIterations(2)
                .opd(OpdSettings.builder()
                        .distillTeacher(List.of(TEACHER))
                        .iwOpdGamma(0.5)
                        .build())
                .build());
        TrainConfig config =
                PolicyRun.config(5).batchSize(16).saveSteps(100).resume(true).build();
        Path straight = folder.resolve("straight");
        Path stopped = folder.resolve("stopped");
        new PolicyRun().in(straight, PolicyRun.BREVITY, options, config);
        assertThatThrownBy(() -> new PolicyRun().stopAfter(3).in(stopped, PolicyRun.BREVITY, options, config))
                .isInstanceOf(InterruptedRunException.class);
        new PolicyRun().in(stopped, PolicyRun.BREVITY, options, config);
        for (String file : List.of("metrics.jsonl", "samples.jsonl", "model/model.safetensors")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(straight.resolve(file));
        }
        PolicyOptions other = new PolicyOptions(PolicyRun.options(PolicyAlgorithm.RLOO)
                .numIterations(2)
                .opd(teacher())
                .build());
        TrainConfig more = PolicyRun.config(6).batchSize(16).resume(true).build();
        assertThatThrownBy(() -> new PolicyRun().in(stopped, PolicyRun.BREVITY, other, more))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("distillation");
    }

    @Test
    void teacherOfOnesOwn_isAskedAtTheTemperature_andWhatItDoesNotKnowIsCounted() {
        TokenScorer own = new TokenScorer() {
            @Override
            public String name() {
                return "own";
            }

            @Override
            public List<float[]> logprobs(List<Trajectory> trajectories, double temperature) {
                assertThat(temperature).isEqualTo(0.7);
                return trajectories.stream()
                        .map(one -> {
                            float[] numbers = new float[one.completion().length()];
                            Arrays.fill(numbers, -3);
                            numbers[0] = Float.NaN;
                            return numbers;
                        })
                        .toList();
            }
        };
        PolicyRun run = new PolicyRun();
        run.inMemory(
                PolicyRun.BREVITY,
                new PolicyOptions(PolicyRun.options(PolicyAlgorithm.RLOO)
                                .temperature(0.7)
                                .build())
                        .with(PolicyParts.NONE.with(own)),
                PolicyRun.config(1).build());
        assertThat(run.column("opd/tokens_unscored")).containsExactly(32.0);
    }

    @Test
    void whatCannotBeDone_isRefusedBeforeTraining() {
        assertThatThrownBy(() -> new PolicyOptions(alone(OpdSettings.builder().build())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("distill_teacher: expected a teacher with algorithm=opd, found none");
        PolicyRun run = new PolicyRun();
        OpdSettings keyed = OpdSettings.builder()
                .distillTeacher(List.of(TEACHER, TEACHER))
                .distillTeacherKeys(List.of("math", "code"))
                .build();
        assertThatThrownBy(() -> run.inMemory(
                        PolicyRun.BREVITY, alone(keyed), PolicyRun.config(1).build()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("teacher_key: expected one of [math, code], found none");
        assertThat(run.samples).isEmpty();
    }

    @Test
    void teacherOfAnotherVocabulary_isRefused() throws IOException {
        Path shifted = Files.createDirectories(folder.resolve("shifted"));
        try (Stream<Path> files = Files.list(TEACHER)) {
            for (Path file : files.toList()) {
                Files.copy(file, shifted.resolve(file.getFileName()));
            }
        }
        ObjectMapper json = new ObjectMapper();
        JsonNode tokenizer = json.readTree(shifted.resolve("tokenizer.json").toFile());
        ObjectNode vocabulary = (ObjectNode) tokenizer.path("model").path("vocab");
        List<String> tokens = new ArrayList<>();
        vocabulary.fieldNames().forEachRemaining(tokens::add);
        for (String token : tokens) {
            int id = vocabulary.path(token).asInt();
            vocabulary.put(token, id < 10 ? id : 521 - id);
        }
        json.writeValue(shifted.resolve("tokenizer.json").toFile(), tokenizer);
        PolicyRun run = new PolicyRun();
        OpdSettings foreign =
                OpdSettings.builder().distillTeacher(List.of(shifted)).build();
        assertThatThrownBy(() -> run.inMemory(
                        PolicyRun.BREVITY, alone(foreign), PolicyRun.config(1).build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("distill_teacher: " + shifted)
                .hasMessageContaining("of 512 mean something else");
        assertThat(run.samples).isEmpty();
    }

    @Test
    void optimize_withoutAScorer_learnsFromTheTeacherAlone() {
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"), LoadOptions.TRAINED)) {
            PolicyOptions options = new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.OPD)
                    .maxCompletionLength(8)
                    .opd(teacher())
                    .build());
            PolicySummary summary = student.optimize(
                    List.of(Prompt.user("Say number 3"), Prompt.user("Name a bird")),
                    options,
                    TrainConfig.builder().batchSize(2).maxSteps(2).build());
            assertThat(summary.training().steps()).isEqualTo(2);
        }
    }
}
