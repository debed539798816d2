package ai.preceptor;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.tool.ToolUse;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.PolicySettingsBuilder;
import ai.preceptor.policy.evaluation.HeldOutPrompts;
import ai.preceptor.policy.evaluation.HeldOutSettings;
import ai.preceptor.teacher.RuleScorer;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainConfigBuilder;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.vllm.VllmSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The golden {@code tiny-chat} as a policy on one thread: every run loads it anew, and writes down its steps and samples. */
final class PolicyRun {
    /** Short answers are good ones. */
    static final Scorer BREVITY =
            new RuleScorer("brevity", answer -> -answer.text().asString().length());

    final List<StepMetrics> steps = new ArrayList<>();
    final List<Map<String, @Nullable Object>> samples = new ArrayList<>();
    final List<Long> liveTensors = new ArrayList<>();
    private final List<Prompt> prompts =
            Datasets.prompts(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL).rows();
    private final Interrupt interrupt = new Interrupt();
    private @Nullable LoadOptions load;
    private @Nullable HeldOutPrompts evaluation;
    private @Nullable ToolUse tools;
    private VllmSettings servers = VllmSettings.none();
    private Collective learners = Collective.single();
    private Consumer<StepMetrics> afterStep = step -> {};

    /** Eight prompts with four answers each a step. */
    static TrainConfigBuilder config(int steps) {
        return TrainConfig.builder()
                .batchSize(32)
                .learningRate(1e-3)
                .lrSchedulerType(LrSchedulerType.CONSTANT)
                .maxSteps(steps);
    }

    static PolicySettingsBuilder options(PolicyAlgorithm algorithm) {
        return PolicySettings.builder(algorithm).numGenerations(4).maxCompletionLength(24);
    }

    /** Loads the student like this. */
    PolicyRun loaded(LoadOptions options) {
        load = options;
        return this;
    }

    /** Gives the student tools. */
    PolicyRun with(ToolUse use) {
        tools = use;
        return this;
    }

    /** Lets servers sample. */
    PolicyRun servedBy(VllmSettings settings) {
        servers = settings;
        return this;
    }

    /** Trains as one of several learners. */
    PolicyRun among(Collective others) {
        learners = others;
        return this;
    }

    /** Calls this after each step. */
    PolicyRun afterStep(Consumer<StepMetrics> action) {
        afterStep = action;
        return this;
    }

    /** Asks for a stop after this step. */
    PolicyRun stopAfter(int last) {
        afterStep = step -> {
            if (step.step() == last) {
                interrupt.request();
            }
        };
        return this;
    }

    /** Measures the first prompts during the run. */
    PolicyRun measuring(int first, HeldOutSettings settings) {
        evaluation = new HeldOutPrompts(prompts.subList(0, first), settings);
        return this;
    }

    /** Asks for a stop now; from any thread. */
    void stop() {
        interrupt.request();
    }

    PolicySummary inMemory(Scorer scorer, PolicySettings settings, TrainConfig config) {
        return inMemory(scorer, new PolicyOptions(settings), config);
    }

    /** Trains and keeps nothing. */
    PolicySummary inMemory(Scorer scorer, PolicyOptions options, TrainConfig config) {
        return run(scorer, options, config, Precision.FLOAT32, RunStore.none());
    }

    /** Trains in a run directory, with a clock that stands still. */
    PolicySummary in(Path output, Scorer scorer, PolicyOptions options, TrainConfig config) {
        try (RunDirectory directory = RunDirectory.open(output, config.runSpec("", Map.of()))) {
            return run(scorer, options, config, Precision.FLOAT32, directory);
        }
    }

    PolicySummary run(Scorer scorer, PolicyOptions options, TrainConfig config, Precision precision, RunStore store) {
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(
                        Golden.dir("tiny-chat"), load == null ? new LoadOptions(precision, true) : load)) {
            TrainListener listener = new TrainListener() {
                @Override
                public void onStep(StepMetrics step) {
                    steps.add(step);
                    liveTensors.add(preceptor.torch().liveTensors());
                    afterStep.accept(step);
                }
            };
            LoopSetting loop = new LoopSetting(store, interrupt, listener, List.of(), () -> 0).among(learners);
            Student answering = tools == null ? student : student.with(tools);
            return answering.optimize(
                    prompts,
                    scorer,
                    options,
                    config,
                    new PolicyContext(
                                    loop, row -> sample(row, store), new SimpleMeterRegistry(), null, null, evaluation)
                            .with(servers));
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

    /** Mean of a metric over steps {@code from} to {@code to - 1}, 0-based. */
    double mean(String metric, int from, int to) {
        return column(metric).subList(from, to).stream()
                .mapToDouble(value -> value)
                .average()
                .orElseThrow();
    }
}
