package ai.preceptor.cli.keys.training;

import ai.preceptor.DistillOptions;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.TextKeys;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.distill.DistillationSettings;
import ai.preceptor.distill.LearntTokens;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keys of {@code distill}. */
public record DistillConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Teacher") TeachingKeys teaching,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Text") TextKeys text,
        @Group(title = "Held out") HeldOutKeys heldOut,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Loss") DistillationSettings loss,
        @Group(title = "Learnt tokens") LearntTokens learnt,
        @Group(title = "Written answers") AnswerKeys answers,

        @Group(title = "Training", defaults = "learning_rate=2e-5")
        TrainConfig training,

        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, TrainsStudent {
    @Override
    public void check(Checks checks) {
        TrainsStudent.super.check(checks);
        boolean self = teaching.distillation() == DistillationType.SELF;
        if (loss.isSftAlone() && !answers.seqKd()) {
            checks.refuse(
                    "loss_type",
                    "expected a divergence beside sft, or seq_kd=true, found sft alone, which does"
                            + " not use the teacher; the command for that is sft");
        }
        if (loss.comparesHidden() && teaching.teacherTopK() > 0) {
            checks.refuse(
                    "loss_type",
                    "expected no hidden states with teacher_top_k above 0, found " + loss.lossType()
                            + ": only tokens are kept");
        }
        if (answers.seqKd() && self) {
            checks.refuse("seq_kd", "expected false with distillation=self, found true");
        }
        if (answers.lmbda() > 0 && (teaching.distillation() == DistillationType.ONLINE || teaching.teacherTopK() > 0)) {
            checks.refuse(
                    "lmbda",
                    "expected 0 with distillation=online or teacher_top_k above 0, found " + answers.lmbda()
                            + ": the teacher does not see what the student writes");
        }
    }

    /** The teacher's directory; the student's own in self-distillation. */
    public Path teacher() {
        return Objects.requireNonNullElse(teaching.teacher(), student.model());
    }

    /** How written answers are drawn. */
    public SamplingOptions sampling() {
        Double own = answers.samplingTemperature();
        double temperature = own == null ? loss.temperature() : own;
        return SamplingOptions.atTemperature(temperature, answers.maxNewTokens(), training.seed());
    }

    /** As the library takes it. */
    public DistillOptions options() {
        return new DistillOptions(
                loss.loss(), learnt.lastTurns(), teaching.role(training.learningRate()), answers.lmbda(), sampling());
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
