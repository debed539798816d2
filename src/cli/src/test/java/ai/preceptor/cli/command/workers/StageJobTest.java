package ai.preceptor.cli.command.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.cluster.AnswersJob;
import ai.preceptor.cli.keys.cluster.WorkerConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageJobTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");
    private static final Path TEACHER = Golden.dir("tiny-teacher");

    @TempDir
    private Path directory;

    private static <R extends Record> R read(Class<R> type, String... keys) {
        return Settings.of(type).arguments(List.of(keys)).read();
    }

    @Test
    void job_hasTheKeysThatDecide_butNoPaths() {
        AnswersJob keys = read(
                AnswersJob.class,
                "model=" + STUDENT,
                "teacher=" + TEACHER,
                "dtype=bfloat16",
                "temperature=0.5",
                "num_generations=3",
                "seed=7");
        String json = StageJob.of("elicit", keys).json();
        assertThat(json).doesNotContain(STUDENT.toString(), TEACHER.toString());
        assertThat(StageJob.stage(json)).isEqualTo("elicit");
        AnswersJob here = StageJob.parse(json)
                .here(AnswersJob.class, read(WorkerConfig.class, "model=" + TEACHER, "teacher=" + STUDENT));
        assertThat(here.student().model()).isEqualTo(TEACHER);
        assertThat(here.teacher()).isEqualTo(STUDENT);
        assertThat(here.student().dtype()).isEqualTo(Precision.BFLOAT16);
        assertThat(here.sampling()).isEqualTo(keys.sampling());
        assertThat(here.numGenerations()).isEqualTo(3);
        assertThat(here.seed()).isEqualTo(7);
    }

    @Test
    void here_withoutTheTeacher_orNotToScore_isRefusedByName() {
        StageJob job = StageJob.of("elicit", read(AnswersJob.class, "model=" + STUDENT, "teacher=" + TEACHER));
        WorkerConfig without = read(WorkerConfig.class, "model=" + STUDENT);
        assertThatThrownBy(() -> job.here(AnswersJob.class, without))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("teacher: expected that of the run of elicit, the same files, found none");
        WorkerConfig silent = read(WorkerConfig.class, "model=" + STUDENT, "teacher=" + TEACHER, "score=false");
        assertThatThrownBy(() -> job.here(AnswersJob.class, silent))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("score: expected true");
    }

    /** Code is never sent, and neither is where it lies. */
    @Test
    void ruleOfTheUsersOwn_isEachWorkersOwn() throws IOException {
        Path rule = Files.writeString(directory.resolve("Short.java"), """
                import ai.preceptor.data.Answer;
                import java.util.function.ToDoubleFunction;

                public final class Short implements ToDoubleFunction<Answer> {
                    @Override
                    public double applyAsDouble(Answer answer) {
                        return -answer.text().asString().length();
                    }
                }
                """);
        StageJob job = StageJob.of("elicit", read(AnswersJob.class, "model=" + STUDENT, "rule=" + rule));
        assertThat(job.json()).doesNotContain(directory.toString());
        WorkerConfig without = read(WorkerConfig.class, "model=" + STUDENT);
        assertThatThrownBy(() -> job.here(AnswersJob.class, without))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("rule: expected that of the run of elicit", "code is never sent");
        AnswersJob here = job.here(AnswersJob.class, read(WorkerConfig.class, "model=" + STUDENT, "rule=" + rule));
        assertThat(here.rule().isOwn()).isTrue();
        assertThat(WorkerDigests.of(STUDENT, null).with(here.rule()).toMap()).containsKeys("model", "rule");
    }

    @Test
    void parse_ofSomethingElse_saysSo() {
        assertThatThrownBy(() -> StageJob.stage("{}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("names no stage");
        assertThatThrownBy(() -> StageJob.stage("no"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is not JSON");
    }
}
