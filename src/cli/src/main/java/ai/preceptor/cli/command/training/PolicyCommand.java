package ai.preceptor.cli.command.training;

import ai.preceptor.PolicyContext;
import ai.preceptor.PolicyOptions;
import ai.preceptor.PolicySummary;
import ai.preceptor.Preceptor;
import ai.preceptor.RecordedRollouts;
import ai.preceptor.Student;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.TeacherRun;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.console.Watched;
import ai.preceptor.cli.keys.OpenTools;
import ai.preceptor.cli.keys.cluster.ClusterKeys;
import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.cli.plugin.OpenPart;
import ai.preceptor.cli.report.ActorsChapter;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.lm.text.TokenBytes;
import ai.preceptor.lm.text.TokenEnds;
import ai.preceptor.policy.PolicyParts;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.critic.ValueModelSource;
import ai.preceptor.policy.reward.NoReward;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Optimizes a student's policy against a scorer. */
public final class PolicyCommand extends Command<PolicyConfig> {
    private static final Watched WATCHED =
            new Watched(List.of("reward", "opd/reverse_kl", "objective/kl"), List.of("completions/mean_length"));

    public PolicyCommand() {
        super(
                "policy",
                "optimizes a student against a reward, with a KL penalty (RLOO, GRPO, PPO), or a teacher's tokens (OPD)",
                PolicyConfig.class);
    }

    @Override
    public void run(PolicyConfig keys, Terminal terminal) {
        ValueModelSource critic = keys.criticSource();
        if (critic != null) {
            critic.requireFits(keys.student().model());
        }
        keys.requireStepScores();
        keys.scorer().requireReading();
        StageRun.open(name(), keys, keys.output(), keys.training(), terminal).work(run -> train(keys, critic, run));
    }

    private static void train(PolicyConfig keys, @Nullable ValueModelSource critic, StageRun run) {
        Path file = keys.data().rollouts();
        RecordedRollouts recorded = file == null ? null : RecordedData.read(keys, file, run);
        List<Prompt> prompts = recorded == null ? prompts(keys, run) : List.of();
        MeterRegistry registry = run.meters();
        SamplingChoice choice = SamplingChoice.of(
                keys.decode(),
                run,
                keys.training().resume(),
                List.of(keys.student().model()));
        try (OpenPart own = keys.advantages() == null ? null : keys.advantages().open();
                Preceptor preceptor = run.open(keys.device(), keys.student());
                TeacherRun asked = TeacherRun.ifAsked(
                        PolicyScorer.asking(keys.scorer(), keys.training().seed()),
                        run.path("."),
                        registry,
                        preceptor,
                        keys.student().teacher());
                Scorer scorer = keys.scorer().isGiven()
                        ? PolicyScorer.of(keys.scorer(), keys.student().teacher(), preceptor, asked)
                        : null;
                OpenTools tools = keys.tools().open();
                Student student = student(keys, choice, preceptor, tools);
                ServedDistillation distillation = ServedDistillation.ifGiven(keys, student, run.path("."), registry)) {
            PolicyOptions options = new PolicyOptions(
                    recorded == null ? keys.policy() : recorded.resolve(keys.policy()),
                    keys.rollouts(),
                    parts(own, critic, distillation));
            PolicyContext context = setting(keys, choice, student, run);
            Scorer scoring = scorer == null ? new NoReward() : scorer;
            PolicySummary summary = recorded == null
                    ? student.optimize(prompts, scoring, options, keys.training(), context)
                    : student.optimize(
                            scorer == null && recorded.isScored() ? recorded : recorded.scoredBy(scoring),
                            options,
                            keys.training(),
                            context);
            Map<String, Object> row = new LinkedHashMap<>(summary.row());
            row.putAll(choice.row());
            if (asked != null) {
                row.putAll(asked.row());
            }
            if (distillation != null) {
                row.putAll(distillation.row());
            }
            run.finish(summary.training(), row, List.of(ActorsChapter.of(summary.actors())));
        }
    }

    private static List<Prompt> prompts(PolicyConfig keys, StageRun run) {
        return run.rows(keys.data().rows(), keys.tools().checked(keys.scorer().checked(Datasets::prompts)));
    }

    private static Student student(PolicyConfig keys, SamplingChoice choice, Preceptor preceptor, OpenTools tools) {
        long seed = keys.training().seed();
        return tools.given(
                keys.student().files(),
                () -> choice.student(
                        keys.answersTogether(),
                        () -> preceptor.student(
                                keys.student().model(), keys.lora().trained(keys.student(), seed))));
    }

    private static PolicyParts parts(
            @Nullable OpenPart advantages,
            @Nullable ValueModelSource critic,
            @Nullable ServedDistillation distillation) {
        PolicyParts parts = critic == null ? PolicyParts.NONE : PolicyParts.NONE.with(critic);
        if (advantages != null) {
            parts = parts.with(advantages.require(Advantages.class));
        }
        return distillation == null ? parts : parts.with(distillation.scorer());
    }

    private static PolicyContext setting(PolicyConfig keys, SamplingChoice choice, Student student, StageRun run) {
        ClusterKeys cluster = keys.learner().cluster();
        return new PolicyContext(
                run.setting(WATCHED),
                new ShownTokens(new TokenEnds(TokenBytes.load(student.files())), run::sample),
                run.meters(),
                run.path("dead-letters.jsonl"),
                cluster == null ? null : WorkerJob.offer(keys, choice.settings(), cluster),
                HeldOut.prompts(
                        keys.evaluation().evalData(),
                        keys.evaluation().settings(),
                        keys.tools().checked(keys.scorer().checked(Datasets::prompts)),
                        keys.data().onBadRow(),
                        run),
                keys.servers());
    }
}
