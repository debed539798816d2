package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Datasets;
import ai.preceptor.data.OnBadRow;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.RuleScorer;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.schedule.LrSchedulerType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyOptimizationTest {
    private static final Scorer BREVITY =
            new RuleScorer("brevity", answer -> -answer.text().asString().length());

    private final List<Prompt> prompts =
            Datasets.prompts(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL).rows();

    @Test
    void optimize_try() {
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"))) {
            List<StepMetrics> steps = new ArrayList<>();
            TrainConfig config = TrainConfig.builder()
                    .batchSize(32)
                    .learningRate(1e-3)
                    .lrSchedulerType(LrSchedulerType.CONSTANT)
                    .maxSteps(30)
                    .build();
            PolicyOptions options = PolicyOptions.builder(PolicyAlgorithm.RLOO)
                    .numGenerations(4)
                    .maxCompletionLength(24)
                    .recomputeOldLogps(true)
                    .build();
            student.optimize(
                    prompts,
                    BREVITY,
                    options,
                    config,
                    new PolicySetting(
                            LoopSetting.of(RunStore.none(), new Interrupt(), new TrainListener() {
                                @Override
                                public void onStep(StepMetrics step) {
                                    steps.add(step);
                                    System.out.println(step.row());
                                }
                            }),
                            row -> System.out.println(row),
                            new SimpleMeterRegistry()));
            assertThat(steps).hasSize(30);
        }
    }
}
