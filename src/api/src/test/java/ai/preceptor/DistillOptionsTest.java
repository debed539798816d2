package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.distill.DistillationLoss;
import ai.preceptor.distill.Divergence;
import ai.preceptor.distill.KdLossMode;
import ai.preceptor.distill.LossTokens;
import ai.preceptor.distill.PrivilegedContext;
import ai.preceptor.distill.TeacherMix;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.TopTokenTeacher;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Distillation from Java: several teachers, and one elsewhere that does not answer every row. */
class DistillOptionsTest {
    private static final DistillationLoss FORWARD = DistillationLoss.of(Divergence.forwardKl());
    private static final TrainConfig CONFIG = TrainConfig.builder()
            .batchSize(2)
            .numTrainEpochs(1)
            .learningRate(1e-3)
            .build();
    private static Preceptor preceptor;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        preceptor = Preceptor.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        preceptor.close();
    }

    private static List<Demonstration> rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Demonstration(Prompt.plain("What is " + i + "?"), Text.plain("It is " + i + ".")))
                .toList();
    }

    private static Student student() {
        return preceptor.student(Golden.dir("tiny-chat"), LoadOptions.TRAINED);
    }

    private static StudentSummary distill(List<Path> teachers, int count, DistillOptions options) {
        try (Student student = student()) {
            return student.distill(teachers, rows(count), rows(2), options, CONFIG, LoopSetting.inMemory());
        }
    }

    @Test
    void severalTeachers_fromJava() {
        TeacherMix mix = new TeacherMix(KdLossMode.AVERAGED_PROBS, List.of(3.0, 1.0), "teacher_key", null);
        List<Path> both = List.of(Golden.dir("tiny-teacher"), Golden.dir("tiny-chat"));
        StudentSummary found = distill(both, 4, DistillOptions.of(FORWARD).with(mix));
        assertThat(found.measured()).containsKeys("eval_forward_kl", "eval_teacher_0/forward_kl");
        assertThat(found.measured().get("eval_teacher_1/forward_kl"))
                .as("it has left what it was")
                .isGreaterThan(1e-6);
        assertThatThrownBy(() ->
                        distill(both, 4, DistillOptions.of(FORWARD).with(mix).with(new TeacherRole.Slow(0.5))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("teacher: expected one, or several that stay as they are");
        DistillationLoss sorted = DistillationLoss.of(Divergence.uld());
        assertThatThrownBy(() -> distill(both, 4, DistillOptions.of(sorted).with(mix)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("loss_type: expected no uld with kd_loss_mode=averaged_probs");
    }

    /** Whatever is learnt of the rows' own answers, the student answers their prompts: as many tokens as by default. */
    @Test
    void student_answersPrompts_alsoWhereTheyAreLearnt() {
        for (List<Demonstration> some : List.of(rows(4), talks(4))) {
            long expected = answered(some, LossTokens.LAST_TURN);
            assertThat(expected).as("prompts of more than a token").isGreaterThan(4 * 4);
            assertThat(answered(some, LossTokens.ALL)).isEqualTo(expected);
        }
    }

    private static List<Demonstration> talks(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Demonstration(
                        Prompt.chat(),
                        Text.chat(
                                Message.user("What is " + i + "?"),
                                Message.assistant("It is " + i + "."),
                                Message.user("Is it?"),
                                Message.assistant("Yes."))))
                .toList();
    }

    /** Tokens of one step on answers of the student's own, two tokens each at most. */
    private static long answered(List<Demonstration> some, LossTokens learnt) {
        TrainConfig config = TrainConfig.builder().batchSize(4).maxSteps(1).build();
        DistillOptions options =
                DistillOptions.of(FORWARD).with(learnt).onPolicy(1, 1, SamplingOptions.unfiltered(2, 0));
        try (Student student = student()) {
            return student.distill(
                            List.of(Golden.dir("tiny-teacher")),
                            some,
                            List.of(),
                            options,
                            config,
                            LoopSetting.inMemory())
                    .training()
                    .tokens();
        }
    }

    @Test
    void studentThatIsItsOwnTeacher_needsSomethingToLearn() {
        DistillOptions live = DistillOptions.of(FORWARD).with(new TeacherRole.Slow(0));
        assertThatThrownBy(() -> distill(List.of(Golden.dir("tiny-chat")), 4, live))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ema_decay: expected above 0 without privileged_context");
    }

    /** The teacher beside the student, asked as if it were elsewhere; it does not answer some of the rows. */
    private static final class Elsewhere implements TopTokenTeacher {
        private final Student teacher;
        private final Set<Integer> silent;
        private int asked;

        Elsewhere(Student teacher, Set<Integer> silent) {
            this.teacher = teacher;
            this.silent = silent;
        }

        @Override
        public String identity() {
            return "elsewhere";
        }

        @Override
        public List<@Nullable TopTokens> topTokens(List<TokenRow> rows, int k) {
            List<@Nullable TopTokens> found = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                asked++;
                PackedBatch.Builder builder = PackedBatch.builder();
                rows.get(i).packInto(builder);
                found.add(silent.contains(i) ? null : teacher.model().topTokens(builder.build(), k, 1));
            }
            return found;
        }
    }

    private static final TopTokenTeacher NOBODY = new TopTokenTeacher() {
        @Override
        public String identity() {
            return "nobody";
        }

        @Override
        public List<@Nullable TopTokens> topTokens(List<TokenRow> rows, int k) {
            throw new AssertionError("asked");
        }
    };

    private DistillOptions from(TopTokenTeacher teacher, boolean again) {
        return DistillOptions.of(FORWARD).with(new TeacherRole.Served(teacher, 4, directory, again));
    }

    @Test
    void rowsThatATeacherElsewhereDoesNotAnswer_areLeftOut() {
        try (Student other = preceptor.student(Golden.dir("tiny-teacher"), LoadOptions.FROZEN)) {
            Elsewhere teacher = new Elsewhere(other, Set.of(1, 2, 6));
            StudentSummary found = distill(List.of(), 6, from(teacher, true));
            assertThat(found.training().steps())
                    .as("four of six rows, two a step")
                    .isEqualTo(2);
            assertThat(teacher.asked).as("with two held out").isEqualTo(8);
            distill(List.of(), 6, from(teacher, false));
            assertThat(teacher.asked).as("a resumed run needs the same rows").isEqualTo(8);
            Elsewhere awake = new Elsewhere(other, Set.of());
            assertThat(distill(List.of(), 6, from(awake, true)).training().steps())
                    .as("asked again")
                    .isEqualTo(3);
            distill(List.of(), 6, from(awake, true));
            assertThat(awake.asked).as("nothing is missing").isEqualTo(8);
            Elsewhere mute = new Elsewhere(other, Set.of(0, 1, 2, 3));
            assertThatThrownBy(() -> distill(List.of(), 2, from(mute, true)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("none of 2 was answered");
        }
    }

    @Test
    void teacherElsewhere_isTheOneHere() {
        try (Student other = preceptor.student(Golden.dir("tiny-teacher"), LoadOptions.FROZEN)) {
            StudentSummary served = distill(List.of(), 4, from(new Elsewhere(other, Set.of()), true));
            TeacherRole.Cached cached = new TeacherRole.Cached(4, TeacherDistributions.Tail.BUCKET, directory);
            StudentSummary local = distill(
                    List.of(Golden.dir("tiny-teacher")),
                    4,
                    DistillOptions.of(FORWARD).with(cached));
            assertThat(served.measured().get("eval_loss"))
                    .isCloseTo(local.measured().get("eval_loss"), within(1e-6));
        }
    }

    @Test
    void optionsThatDoNotGoTogether_areRefused() {
        DistillOptions plain = DistillOptions.of(FORWARD);
        SamplingOptions sampling = SamplingOptions.unfiltered(4, 0);
        assertThatThrownBy(() -> plain.onPolicy(0, 2, sampling)).hasMessageContaining("num_generations: received 2");
        assertThatThrownBy(() ->
                        DistillOptions.of(DistillationLoss.of(Divergence.uld())).onPolicy(0.5, 1, sampling))
                .hasMessageContaining("loss_type: received uld");
        assertThatThrownBy(() -> plain.with(LossTokens.ALL).with(new PrivilegedContext("hint", null)))
                .hasMessageContaining("privileged_context: received hint");
        TeacherRole served = new TeacherRole.Served(NOBODY, 4, directory, true);
        assertThatThrownBy(() -> DistillOptions.of(DistillationLoss.of(Divergence.reverseKl()))
                        .with(served))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the reverse KL over a teacher's top tokens is unstable");
        assertThatThrownBy(() -> plain.with(served).onPolicy(1, 1, sampling))
                .hasMessageContaining("temperature, lmbda: received 1.0, 1.0");
    }
}
