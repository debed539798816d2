package ai.preceptor.cli.keys.training;

import ai.preceptor.DistillOptions;
import ai.preceptor.cli.keys.CallKeys;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.TextKeys;
import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.cli.keys.cluster.StageWorkerKeys;
import ai.preceptor.cli.keys.known.KnownModels;
import ai.preceptor.cli.keys.known.KnownRows;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.cli.keys.watch.HasTrackers;
import ai.preceptor.cli.keys.watch.WatchKeys;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.distill.DistillLossType;
import ai.preceptor.distill.DistillationSettings;
import ai.preceptor.distill.LearntTokens;
import ai.preceptor.distill.LossTokens;
import ai.preceptor.distill.PrivilegedContext;
import ai.preceptor.distill.RowViews;
import ai.preceptor.distill.TeacherMix;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.distill.TopTokenPasses;
import ai.preceptor.distill.TopTokenTeacher;
import ai.preceptor.lm.TeacherDistributions.Tail;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.vllm.VllmSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keys of {@code distill}. */
public record DistillConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Teacher") TeachingKeys teaching,
        @Group(title = "Served teacher") ServedTeacherSettings served,
        @Group(title = "Several teachers") TeacherMix mix,
        @Group(title = "Privileged context") PrivilegedContext context,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Text") TextKeys text,
        @Group(title = "Held out") HeldOutKeys heldOut,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Loss") DistillationSettings loss,
        @Group(title = "Learnt tokens") LearntTokens learnt,
        @Group(title = "Written answers") AnswerKeys answers,
        @Group(title = "Rollout servers") VllmSettings servers,
        @Group(title = "Steps of sampling") DecodeSettings decode,

        @Group(title = "Training", defaults = "learning_rate=2e-5")
        TrainConfig training,

        @Group(title = "Trackers and meters") WatchKeys watch,
        @Group(title = "Learners") LearnersKeys learners,
        @Group(title = "Workers") StageWorkerKeys cluster,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, HasTrackers, TrainsStudent {
    @Override
    public void check(Checks checks) {
        TrainsStudent.super.check(checks);
        KnownRows.checkHeldOut(heldOut.evalRows(), data.data(), data.maxRows(), checks);
        heldOut.checkUse(training.evaluation(), checks);
        boolean self = teaching.distillation() == DistillationType.SELF;
        if (loss.isSftAlone() && !answers.seqKd()) {
            checks.refuse(
                    "loss_type",
                    "expected a divergence in addition to sft, or seq_kd=true, found sft alone, which does"
                            + " not use the teacher; the command for that is sft");
        }
        if (loss.comparesHidden() && teaching.teacherTopK() > 0) {
            checks.refuse(
                    "loss_type",
                    "expected no hidden states with teacher_top_k above 0, found " + KeyName.shown(loss.lossType())
                            + ": only tokens are kept");
        }
        teaching.checkGiven(served.isGiven(), checks);
        if (served.models().size() > 1) {
            checks.refuse(
                    "teacher_model",
                    "expected one, whose distributions are learnt from, found "
                            + served.models().size());
        }
        learners.refuse("seq_kd", answers.seqKd(), checks);
        learners.refuse("teacher_url", served.isGiven() ? served.models() : null, checks);
        // one learner's weights would be loaded while the servers answer another
        learners.refuse("rollout_url", servers.rolloutUrl(), checks);
        checkWorkers(checks);
        checkTeachers(checks);
        checkAnswers(checks);
        if (servers.isGiven() && answers.lmbda() == 0) {
            checks.refuse("rollout_url", "expected lmbda above 0, where the student answers, found 0");
        }
        checkUnused(checks);
        if (served.isGiven()) {
            checkServed(checks);
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

    private void checkUnused(Checks checks) {
        Map<String, String> unused = new DistillUse(
                        teaching.distillation(),
                        loss.lossType(),
                        served.isGiven() || teaching.teacherTopK() > 0,
                        answers.seqKd() || answers.lmbda() > 0,
                        CallKeys.of(served, false))
                .unused();
        List.of(loss, teaching, answers, decode, served).forEach(group -> UnusedKeys.refuse(group, unused, checks));
    }

    private void checkWorkers(Checks checks) {
        if (!cluster.isGiven()) {
            return;
        }
        if (teaching.teacherTopK() == 0 || served.isGiven()) {
            checks.refuse(
                    "cluster",
                    "expected nothing without teacher_top_k above 0 and a teacher on this machine: workers compute the"
                            + " teacher's cache only");
        }
        if (teachers().size() > 1) {
            checks.refuse("teacher", "expected one with cluster, which workers have, found " + teachers());
        }
        learners.refuse("cluster", cluster.required().listen(), checks);
    }

    private void checkTeachers(Checks checks) {
        int teachers = teachers().size();
        mix.check(teachers, teaching.teacherTopK() > 0 && teaching.teacherTail() == Tail.BUCKET, checks);
        if (teachers > 1 && loss.comparesHidden()) {
            checks.refuse(
                    "loss_type",
                    "expected no hidden states with several teachers, found " + KeyName.shown(loss.lossType()));
        }
        if (teachers > 1 && answers.seqKd()) {
            checks.refuse("seq_kd", "expected false with several teachers, found true");
        }
        if (loss.lossType().contains(DistillLossType.ULD) && teaching.teacherTopK() > 0) {
            checks.refuse(
                    "loss_type",
                    "expected no uld with teacher_top_k above 0, found " + KeyName.shown(loss.lossType())
                            + ": it sorts whole distributions");
        }
        if (loss.lossType().contains(DistillLossType.ULD) && mix.isAveraged()) {
            checks.refuse(
                    "loss_type",
                    "expected no uld with kd_loss_mode=" + KeyName.of(mix.kdLossMode()) + ", found "
                            + KeyName.shown(loss.lossType())
                            + ": sorted probabilities of teachers with tokens of their own have no mean");
        }
        checkContext(checks);
    }

    private void checkContext(Checks checks) {
        boolean live = teaching.distillation() == DistillationType.SELF && teaching.emaDecay() == 0;
        if (live && !context.isGiven() && !loss.lossType().contains(DistillLossType.SFT)) {
            checks.refuse(
                    "ema_decay",
                    "expected above 0 with distillation=self, unless privileged_context is given or sft is in loss_type,"
                            + " found " + teaching.emaDecay() + ": the teacher is the student, so there is nothing to"
                            + " learn");
        }
        if (context.isGiven() && answers.seqKd()) {
            checks.refuse(
                    "privileged_context",
                    "expected none with seq_kd=true, found " + context.privilegedContext()
                            + ": the teacher answers the rows' own prompts");
        }
        if (context.isGiven() && teaching.distillation() == DistillationType.ONLINE) {
            checks.refuse(
                    "privileged_context",
                    "expected none with distillation=online, found " + context.privilegedContext());
        }
        if (context.isGiven() && loss.comparesAttention()) {
            checks.refuse(
                    "loss_type",
                    "expected no attention with privileged_context, found " + KeyName.shown(loss.lossType())
                            + ": the teacher attends to tokens that the student does not see");
        }
        if (context.isGiven() && learnt.tokens() == LossTokens.ALL) {
            checks.refuse(
                    "completion_only_loss",
                    "expected true with privileged_context, found false: the prompts of teacher and student differ");
        }
    }

    /** A server gives its most probable tokens at temperature 1, of the rows as they are. */
    private void checkServed(Checks checks) {
        if (teaching.distillation() != DistillationType.OFFLINE) {
            checks.refuse(
                    "distillation",
                    "expected offline with teacher_url, found " + KeyName.shown(teaching.distillation()));
        }
        if (!List.of(DistillLossType.FORWARD_KL, DistillLossType.SFT).containsAll(loss.lossType())) {
            checks.refuse(
                    "loss_type",
                    "expected forward_kl, alone or with sft, with teacher_url, found " + KeyName.shown(loss.lossType())
                            + ": a server gives its top tokens only, over which the reverse KL and what is mixed with it"
                            + " is unstable");
        }
        if (loss.temperature() != 1) {
            checks.refuse(
                    "temperature",
                    "expected 1 with teacher_url, whose log-probabilities are at 1, found " + loss.temperature());
        }
        if (teaching.teacherTail() != Tail.BUCKET) {
            checks.refuse(
                    "teacher_tail", "expected bucket with teacher_url, found " + KeyName.shown(teaching.teacherTail()));
        }
        if (answers.lmbda() > 0 || answers.seqKd()) {
            checks.refuse(
                    answers.seqKd() ? "seq_kd" : "lmbda",
                    "expected none with teacher_url, found " + (answers.seqKd() ? "true" : answers.lmbda())
                            + ": the teacher is asked about the rows' answers, once");
        }
    }

    /** Refuses written answers that no prompt has room beside; the student's must also fit {@code max_length}. */
    private void checkRoom(Checks checks) {
        String key = "max_new_tokens";
        if (answers.seqKd()) {
            KnownModels.checkAnswers(teachers(), answers.maxNewTokens(), AnswerKeys.USUAL, checks);
        }
        if (answers.lmbda() == 0) {
            return;
        }
        if (answers.maxNewTokens() >= training.maxLength()) {
            checks.refuse(
                    key, "expected less than max_length " + training.maxLength() + ", found " + answers.maxNewTokens());
        }
        KnownModels.checkAnswer(student.model(), key, answers.maxNewTokens(), checks);
        if (!mix.isSelected()) { // else each row has its own teacher
            teachers().forEach(model -> KnownModels.checkAnswer(model, key, answers.maxNewTokens(), checks));
        }
    }

    private void checkAnswers(Checks checks) {
        checkRoom(checks);
        if (answers.numGenerations() > 1 && answers.lmbda() == 0) {
            checks.refuse(
                    "num_generations",
                    "expected 1 with lmbda=0, where the student writes no answers, found " + answers.numGenerations());
        }
        if (answers.lmbda() > 0 && loss.lossType().contains(DistillLossType.ULD)) {
            checks.refuse(
                    "lmbda",
                    "expected 0 with loss_type=uld, found " + answers.lmbda()
                            + ": the teacher reads rows in its own tokens");
        }
    }

    /** The teachers' directories; the student's own in self-distillation. */
    public List<Path> teachers() {
        List<Path> given = teaching.teacher();
        return given == null || given.isEmpty() ? List.of(student.model()) : given;
    }

    /** How a row becomes tokens; teachers with tokens of their own are left out. */
    public RowViews views() {
        return new RowViews(learnt.lastTurns(), mix, context, List.of(), answers.lmbda() > 0);
    }

    /** Answers of the student that are sampled together. */
    public long answersTogether() {
        return (long) training.batchSize() * answers.numGenerations();
    }

    /** How written answers are drawn. */
    public SamplingOptions sampling() {
        Double own = answers.samplingTemperature();
        double temperature = own == null ? loss.temperature() : own;
        return SamplingOptions.atTemperature(temperature, answers.maxNewTokens(), training.seed());
    }

    /**
     * How a served teacher takes part.
     *
     * @param directory of the run, for a file that has no other place
     */
    public TeacherRole servedRole(TopTokenTeacher teacher, Path directory) {
        Path cache = Objects.requireNonNullElse(teaching.teacherCache(), directory);
        return new TeacherRole.Served(teacher, teaching.servedTopK(), cache, !training.resume());
    }

    /** As the library takes it. */
    public DistillOptions options() {
        return options(teaching.role(training.learningRate()));
    }

    /** The same with a teacher whose cache is computed elsewhere. */
    public DistillOptions options(TopTokenPasses passes) {
        return options(((TeacherRole.Cached) teaching.role(training.learningRate())).by(passes));
    }

    /** The same with a teacher in another role. */
    public DistillOptions options(TeacherRole role) {
        return new DistillOptions(
                loss.loss(),
                learnt.lastTurns(),
                role,
                answers.lmbda(),
                sampling(),
                answers.numGenerations(),
                mix,
                context,
                servers);
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
