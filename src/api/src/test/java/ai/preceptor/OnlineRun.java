package ai.preceptor;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.online.OnlineOptions;
import ai.preceptor.online.OnlineSummary;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The golden {@code tiny-chat} learning online on one thread: every run loads it anew and writes down its steps and samples. */
final class OnlineRun {
    final List<StepMetrics> steps = new ArrayList<>();
    final List<Map<String, @Nullable Object>> samples = new ArrayList<>();
    float[] weights = {};
    private final List<Prompt> prompts =
            Datasets.prompts(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL).rows();
    private final Interrupt interrupt = new Interrupt();
    private Consumer<StepMetrics> afterStep = step -> {};

    /** Asks for a stop after this step. */
    OnlineRun stopAfter(int last) {
        afterStep = step -> {
            if (step.step() == last) {
                interrupt.request();
            }
        };
        return this;
    }

    /** Asks for a stop now; from any thread. */
    void stop() {
        interrupt.request();
    }

    /** Trains and keeps nothing. */
    OnlineSummary inMemory(Scorer scorer, RankMethod method, OnlineOptions options, TrainConfig config) {
        return with(
                RunStore.none(),
                run -> run.student().rankOnline(prompts, scorer, method, options, config, run.context()));
    }

    /** Trains on recorded answers and keeps nothing. */
    OnlineSummary inMemory(RecordedRollouts rollouts, RankMethod method, OnlineOptions options, TrainConfig config) {
        return with(RunStore.none(), run -> run.student().rankOnline(rollouts, method, options, config, run.context()));
    }

    /** Trains in a run directory, with a clock that stands still. */
    OnlineSummary in(Path output, Scorer scorer, RankMethod method, OnlineOptions options, TrainConfig config) {
        try (RunDirectory directory = RunDirectory.open(output, config.runSpec("", Map.of()))) {
            return with(
                    directory,
                    run -> run.student().rankOnline(prompts, scorer, method, options, config, run.context()));
        }
    }

    /** A student and its surroundings. */
    record Ready(Student student, PolicyContext context) {}

    /** Runs something with a fresh student and keeps its first weights of afterwards. */
    <T> T with(RunStore store, Function<Ready, T> training) {
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student =
                        preceptor.student(Golden.dir("tiny-chat"), new LoadOptions(Precision.FLOAT32, true))) {
            TrainListener listener = new TrainListener() {
                @Override
                public void onStep(StepMetrics step) {
                    steps.add(step);
                    afterStep.accept(step);
                }
            };
            LoopSetting loop = new LoopSetting(store, interrupt, listener, List.of(), () -> 0);
            PolicyContext context =
                    new PolicyContext(loop, row -> sample(row, store), new SimpleMeterRegistry(), null, null);
            T result = training.apply(new Ready(student, context));
            weights = student.model().parameters().blocks().get(0).values().toFloatArray();
            return result;
        }
    }

    private void sample(Map<String, @Nullable Object> row, RunStore store) {
        samples.add(row);
        if (store instanceof RunDirectory directory) {
            directory.samples().append(row);
        }
    }

    /** One metric of every step. */
    List<Double> column(String metric) {
        return steps.stream().map(step -> step.metrics().get(metric)).toList();
    }
}
