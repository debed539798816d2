package ai.preceptor.example;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.PairRewards;
import ai.preceptor.PolicyOptions;
import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.Student;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.evaluation.MethodMeasures;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ProjectRoot;
import ai.preceptor.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryExampleTest {
    private static final Path SOURCE = Path.of("src/api/src/test/java/ai/preceptor/example/LibraryExample.java");

    private static final PolicyOptions RLOO = new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.RLOO)
            .numGenerations(4)
            .maxCompletionLength(16)
            .build());

    @Test
    void distil_leavesAStudentAndARewardModelThatLearned(@TempDir Path output) {
        TrainConfig config = TrainConfig.builder()
                .batchSize(4)
                .learningRate(1e-3)
                .maxSteps(12)
                .build();
        LibraryExample.distil(Golden.dir("tiny-chat"), Golden.file("pairs.jsonl"), output, config, RLOO);
        List<Preference> pairs = Datasets.preferences(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL)
                .rows();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                RewardModel reward = preceptor.rewardModel(output.resolve("reward"));
                Student before = preceptor.student(Golden.dir("tiny-chat"));
                Student after = preceptor.student(output.resolve("student"))) {
            List<PairRewards> rewards = reward.rewards(pairs, 8);
            long right = rewards.stream()
                    .filter(pair -> pair.chosen() > pair.rejected())
                    .count();
            assertThat(right).isGreaterThan(pairs.size() * 3L / 4);
            assertThat(after.logprobs(pairs, 8)).isNotEqualTo(before.logprobs(pairs, 8));
            List<Prompt> prompts =
                    pairs.stream().map(Preference::prompt).distinct().limit(2).toList();
            MethodMeasures measures = LibraryExample.evaluate(before, after, reward, prompts);
            assertThat(measures.report().winRate().contests()).isEqualTo(2);
            assertThat(measures.report().kl().k1().mean()).isNotZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"example", "evaluation"})
    void readme_showsTheExample(String name) throws IOException {
        Path root = ProjectRoot.find();
        String source = Files.readString(root.resolve(SOURCE));
        String begin = "// " + name + ": begin";
        String example =
                source.substring(source.indexOf(begin) + begin.length(), source.indexOf("// " + name + ": end"));
        List<String> lines =
                example.strip().indent(0).lines().map(String::strip).toList();
        String readme = Files.readString(root.resolve("README.md"));
        assertThat(readme.lines().map(String::strip).toList()).containsSequence(lines);
        assertThat(lines.size()).isLessThanOrEqualTo(15);
    }
}
