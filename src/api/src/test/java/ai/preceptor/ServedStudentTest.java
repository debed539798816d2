package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.served.ServedStudent;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vllm.VllmSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedStudentTest {
    private static final SamplingSettings SHORT =
            SamplingSettings.builder().maxNewTokens(8).build();
    private static final List<Prompt> PROMPTS = List.of(Prompt.user("Tell me two games."), Prompt.user("Hello"));

    @TempDir
    Path original;

    private StudentServer server() {
        return new StudentServer(new LoadOptions(Precision.FLOAT32, false), original);
    }

    private static ServedStudent open(StudentServer server) {
        return ServedStudent.open(
                Golden.dir("tiny-chat"), VllmSettings.at(server.url()).build(), SHORT, new SimpleMeterRegistry());
    }

    @Test
    void generate_dependsOnSeedAndPlaceOnly() {
        try (StudentServer server = server();
                ServedStudent student = open(server)) {
            List<List<Completion>> answers = student.generate(PROMPTS, 2, 5);

            assertThat(answers).hasSize(2).allSatisfy(group -> assertThat(group).hasSize(2));
            assertThat(student.generate(PROMPTS, 2, 5)).isEqualTo(answers);
            assertThat(student.generate(PROMPTS, 2, 6)).isNotEqualTo(answers);
            assertThat(student.generate(PROMPTS.subList(0, 1), 1, 5).get(0).get(0))
                    .isEqualTo(answers.get(0).get(0));
            assertThat(server.pushes()).isZero();
        }
    }

    @Test
    void generate_promptThatLeavesNoRoom_isRefused() {
        try (StudentServer server = server();
                ServedStudent student = open(server)) {
            List<Prompt> tooLong = List.of(Prompt.user("word ".repeat(5000)));

            assertThatThrownBy(() -> student.generate(tooLong, 1, 5))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("prompt 0 (0-based): expected 1 to ");
        }
    }
}
