package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.PolicyWorkers;
import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.cluster.WorkerConfig;
import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.cli.keys.training.ScorerKeys;
import ai.preceptor.cli.plugin.OwnPart;
import ai.preceptor.cli.plugin.PartReader;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code advantages} and {@code loss} as a user's own, a rule that sees whole lists, and what workers make of one. */
class OwnPartCommandsTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");
    private static final String ADVANTAGES = """
            public class MyAdvantages implements ai.preceptor.policy.credit.Advantages {
                public String name() {
                    return "mine";
                }

                public double[] of(double[] rewards, int[] groups) {
                    %s
                }
            }
            """;
    private static final String LOSS = """
            import ai.preceptor.ranking.pair.*;
            import java.util.List;

            public class MyLoss implements PairLoss {
                public String name() {
                    return "mine";
                }

                public boolean needsReference() {
                    return false;
                }

                public List<PairTerm> terms(List<AnswerPair> pairs) {
                    return new %s(%s).terms(pairs);
                }
            }
            """;

    /** Asks for more of what is desirable and less of the rest; compares with nothing. */
    private static final String UNPAIRED_LOSS = """
            import ai.preceptor.ranking.unpaired.*;

            public class MyUnpairedLoss implements UnpairedLoss {
                public String name() {
                    return "mine";
                }

                public boolean needsReference() {
                    return false;
                }

                public double reward(LabeledAnswer answer) {
                    return answer.logp() / answer.tokens();
                }

                public UnpairedTerm term(LabeledAnswer answer, double baseline) {
                    double sign = answer.desirable() ? -1.0 : 1.0;
                    return new UnpairedTerm(sign * reward(answer), sign / answer.tokens());
                }
            }
            """;

    @TempDir
    Path directory;

    @Test
    void policy_ownAdvantages_decideWhatIsLearnt_andTheirFailureIsTold() throws IOException {
        Path file = write("MyAdvantages.java", ADVANTAGES.formatted("return new double[rewards.length];"));
        CommandRun none = policy("none", "advantages=" + file, "beta=0", "learning_rate=1e-2");
        assertThat(none.code()).as(none.err()).isEqualTo(ExitCode.DONE);
        assertThat(steps("none"))
                .hasSize(1)
                .allMatch(step -> step.path("grad_norm").doubleValue() == 0);
        assertThat(directory.resolve("none/plugins/MyAdvantages.java")).exists();

        write("MyAdvantages.java", ADVANTAGES.formatted("return new double[] {rewards[rewards.length]};"));
        CommandRun failed = policy("failed", "advantages=" + file);
        assertThat(failed.code()).as(failed.err()).isEqualTo(ExitCode.OWN_CODE_FAILED);
        assertThat(failed.err())
                .contains(
                        "your own code failed: MyAdvantages.java:7: java.lang.ArrayIndexOutOfBoundsException",
                        "Its stack trace is in " + directory.resolve("failed/error.log"))
                .doesNotContain("defect");

        CommandRun both = policy("both", "advantages=" + file, "normalize_advantages=true");
        assertThat(both.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(both.err()).contains("advantages: expected neither normalize_advantages nor scale_rewards");
        CommandRun separate = policy(
                "separate", "advantages=" + file, "algorithm=grpo", "multi_objective_aggregation=normalize_then_sum");
        assertThat(separate.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(separate.err())
                .contains("nor multi_objective_aggregation with your own, which do not read them, found " + file);
        CommandRun steps = policy("steps", "advantages=" + file, "step_rewards=true", "algorithm=reinforce_plus_plus");
        assertThat(steps.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(steps.err()).contains("step_rewards: expected false with advantages of your own");
    }

    /** The number of answers is judged by the advantages that are used: these compare none, and those need as many as recorded. */
    @Test
    void policy_ownAdvantages_sayHowManyAnswersTheyNeed() throws IOException {
        String alone = ADVANTAGES.formatted("return new double[rewards.length];");
        Path file = write("MyAdvantages.java", alone.replaceFirst("\\{", """
                {
                    public int fewestScored() {
                        return 1;
                    }
                """));
        CommandRun one = policy("one", "advantages=" + file, "num_generations=1");
        assertThat(one.code()).as(one.err()).isEqualTo(ExitCode.DONE);

        write("MyAdvantages.java", alone);
        CommandRun compared = policy("compared", "advantages=" + file, "num_generations=1");
        assertThat(compared.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(compared.err()).contains("num_generations: expected 2 or more, since answers to a prompt are");
        CommandRun recorded = CommandRun.of(
                "policy",
                "model=" + Golden.dir("tiny-chat"),
                "rollouts=" + Golden.file("policy_rollouts.jsonl"),
                "advantages=" + file,
                "algorithm=reinforce_plus_plus",
                "output=" + directory.resolve("recorded"),
                "max_completion_length=24",
                "max_steps=1");
        assertThat(recorded.code()).as(recorded.err()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void rank_ownUnpairedLoss_learnsFromLabeledAnswers() throws IOException {
        Path file = write("MyUnpairedLoss.java", UNPAIRED_LOSS);
        CommandRun own = rank("own", "loss=" + file);
        assertThat(own.code()).as(own.err()).isEqualTo(ExitCode.DONE);
        assertThat(steps("own")).hasSize(2).allSatisfy(step -> {
            assertThat(step.path("grad_norm").doubleValue()).isPositive();
            assertThat(step.path("rewards/chosen").isNumber()).isTrue();
        });
    }

    /** A loss that hands on to one of ours, with other numbers, learns as that one does. */
    @Test
    void rank_ownLoss_learnsAsItSays_andTakesNoOtherLossBesideIt() throws IOException {
        Path file = write("MyLoss.java", LOSS.formatted("OrpoLoss", "0.3"));
        CommandRun own = rank("own", "loss=" + file);
        assertThat(own.code()).as(own.err()).isEqualTo(ExitCode.DONE);
        assertThat(steps("own"))
                .hasSize(2)
                .allMatch(step -> step.path("grad_norm").doubleValue() > 0);
        assertThat(directory.resolve("own/config.yaml")).content().startsWith("# loss: MyLoss.java (SHA-256 ");

        CommandRun both = rank("both", "loss=" + file, "loss_type=orpo", "beta=0.2");
        assertThat(both.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(both.err())
                .contains(
                        "loss_type: expected nothing with your own loss, which does not read it, found [orpo]",
                        "beta: expected nothing with your own loss");
        CommandRun compared = rank("compared", "loss=" + file, "precompute_ref_log_probs=true");
        assertThat(compared.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(compared.err())
                .contains("precompute_ref_log_probs: expected nothing without a loss that compares with a reference");
        CommandRun wrong = rank("wrong", "loss=" + write("MyAdvantages.java", ADVANTAGES.formatted("return rewards;")));
        assertThat(wrong.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(wrong.err())
                .contains("implements ai.preceptor.ranking.pair.PairLoss or ai.preceptor.ranking.group.GroupLoss or"
                        + " ai.preceptor.ranking.unpaired.UnpairedLoss, found MyAdvantages,"
                        + " which implements [ai.preceptor.policy.credit.Advantages]");
    }

    @Test
    void policy_ownScorer_seesWholeLists_underTheNameOfItsClass() throws IOException {
        Path file = write("Rank.java", """
                import ai.preceptor.data.*;
                import java.util.List;

                public class Rank implements Scorer {
                    public String name() {
                        return "whatever";
                    }

                    public List<Score> score(List<Answer> answers) {
                        return answers.stream().map(answer -> Score.of(answers.indexOf(answer))).toList();
                    }
                }
                """);
        CommandRun run = policy("run", "rule=" + file);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(steps("run"))
                .allSatisfy(
                        step -> assertThat(step.path("rewards/rule:Rank/mean").doubleValue())
                                .isPositive());
    }

    @Test
    void worker_scoresByALearnersOwnRule_onlyIfItHasTheSame() throws IOException {
        String source = """
                public class Mine implements java.util.function.ToDoubleFunction<ai.preceptor.data.Answer> {
                    public double applyAsDouble(ai.preceptor.data.Answer answer) {
                        return 1;
                    }
                }
                """;
        PolicyConfig learner = Settings.of(PolicyConfig.class)
                .with("model", STUDENT)
                .with("data", Golden.file("pairs.jsonl"))
                .with("rule", write("Mine.java", source))
                .with("max_completion_length", 8)
                .with("cluster.listen", "127.0.0.1:5701")
                .read();
        PolicyWorkers offered = WorkerJob.offer(
                learner,
                DecodeSettings.TENSORS,
                Objects.requireNonNull(learner.learner().cluster()));
        WorkerJob job = WorkerJob.parse(offered.description());
        Settings<WorkerConfig> worker = Settings.of(WorkerConfig.class)
                .with("model", STUDENT)
                .with("cluster.members", List.of("127.0.0.1:5701"));
        assertThat(job.scoringHere(worker.read())).as("code is not sent").isNull();

        Files.createDirectory(directory.resolve("worker"));
        WorkerConfig same =
                worker.with("rule", write("worker/Mine.java", source)).read();
        ScorerKeys scorer = Objects.requireNonNull(job.scoringHere(same));
        assertThat(scorer.rule().rule()).isInstanceOf(OwnPart.class);
        Map<String, String> digests = WorkerJob.digests(STUDENT, null, scorer, same.tools());
        assertThat(digests).containsKey("rule").isEqualTo(offered.digests());

        WorkerConfig other =
                worker.with("rule", write("worker/Mine.java", source + "\n")).read();
        assertThat(WorkerJob.digests(STUDENT, null, job.scoringHere(other), other.tools())
                        .get("rule"))
                .isNotEqualTo(offered.digests().get("rule"));
    }

    /** What the pages show compiles. */
    @Test
    void pages_examples_areParts() throws Exception {
        Path root = projectRoot();
        requirePart(root.resolve("README.md"), "MyReward", ToDoubleFunction.class);
        requirePart(root.resolve("docs/plugins.md"), "MyAdvantages", Advantages.class);
    }

    private void requirePart(Path page, String name, Class<?> kind) throws Exception {
        Matcher block = Pattern.compile("```java\n((?:(?!```).)*class " + name + " .*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page));
        assertThat(block.find()).as("%s shows %s", page, name).isTrue();
        Path file = write(name + ".java", block.group(1));
        assertThat(new PartReader(List.of(kind))
                        .read(file.toString(), List.of())
                        .simpleName())
                .isEqualTo(name);
    }

    private static Path projectRoot() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/plugins.md"))) {
            root = Objects.requireNonNull(root.getParent(), "no project around the tests");
        }
        return root;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private List<JsonNode> steps(String output) throws IOException {
        return CommandRun.rows(directory.resolve(output).resolve("metrics.jsonl"));
    }

    private CommandRun policy(String output, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("max_completion_length=8");
        all.add("max_steps=1");
        if (all.stream().noneMatch(key -> key.startsWith("rule="))) {
            all.add("rule=brevity");
        }
        return run("policy", output, all.toArray(String[]::new));
    }

    private CommandRun rank(String output, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("max_steps=2");
        return run("rank", output, all.toArray(String[]::new));
    }

    private CommandRun run(String command, String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                command,
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(output)));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
