package ai.preceptor.cli.keys.training;

import ai.preceptor.PolicyOptions;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Section;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code policy}. */
public record PolicyConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Reward") ScorerKeys scorer,
        @Group(title = "Your own parts") PluginKeys plugins,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Policy") PolicyKeys policy,

        @Key(help = "your own in the place of what algorithm makes of rewards") @PartOf(Advantages.class) @Nullable
        Part advantages,

        @Group(title = "Training", defaults = "learning_rate=1e-6")
        TrainConfig training,

        @Key(help = "serve metrics at http://127.0.0.1:PORT/metrics; 0 for any free port", range = "[0, 65535]")
        @Nullable
        Integer metricsPort,

        @Section(help = "processes that generate for this one (./preceptor worker)") @Nullable
        ClusterKeys cluster,

        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, TrainsStudent {
    @Override
    public void check(Checks checks) {
        TrainsStudent.super.check(checks);
        Integer steps = policy.stepsPerGeneration();
        String times = "batch_size x " + (steps == null ? "gradient_accumulation_steps" : "steps_per_generation");
        long answers = (long) training.batchSize() * (steps == null ? training.gradientAccumulationSteps() : steps);
        int generations = Math.max(1, policy.generations());
        long inStep = (long) training.batchSize() * training.gradientAccumulationSteps();
        if (answers > PolicyOptions.MOST_ANSWERS) {
            checks.refuse(
                    "batch_size",
                    "expected " + times + ", the answers that are sampled and kept together, to be at most "
                            + PolicyOptions.MOST_ANSWERS + ", found " + training.batchSize() + " x "
                            + answers / training.batchSize());
        } else if (inStep > PolicyOptions.MOST_ANSWERS) {
            checks.refuse(
                    "gradient_accumulation_steps",
                    "expected batch_size x gradient_accumulation_steps, the answers of a step, to be at most "
                            + PolicyOptions.MOST_ANSWERS + ", found " + training.batchSize() + " x "
                            + training.gradientAccumulationSteps());
        } else if (answers % generations != 0) {
            checks.refuse(
                    "batch_size",
                    "expected " + times + " to be a multiple of num_generations (" + generations + "), found "
                            + answers);
        }
        if (advantages != null && (policy.normalizeAdvantages() || policy.scaleRewards() != ScaleRewards.GROUP)) {
            checks.refuse(
                    "advantages",
                    "expected neither normalize_advantages nor scale_rewards beside your own, which would not read"
                            + " them, found " + advantages.written());
        }
        if (cluster != null && policy.heartbeatTimeout() <= cluster.heartbeat()) {
            checks.refuse(
                    "heartbeat_timeout",
                    "expected more than cluster.heartbeat " + cluster.heartbeat() + ", found "
                            + policy.heartbeatTimeout());
        }
        if (policy.maxCompletionLength() >= training.maxLength()) {
            checks.refuse(
                    "max_length",
                    "expected more than max_completion_length " + policy.maxCompletionLength() + ", found "
                            + training.maxLength());
        }
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
