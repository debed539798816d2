package ai.preceptor.teacher.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.Answer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.teacher.chat.Principles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrinciplesTest {
    @TempDir
    Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("principles.txt"), text);
    }

    @Test
    void one_isDrawnForEachPrompt_bySeed() throws IOException {
        Path file = file("# ours\nBe kind.\n\n  Be brief.\n");
        Principles principles = Principles.read(file);
        assertThat(principles.texts()).containsExactly("Be kind.", "Be brief.");
        List<String> drawn = IntStream.range(0, 64)
                .mapToObj(i -> principles.of(1, "prompt " + i))
                .toList();
        assertThat(drawn.stream().filter("Be kind."::equals).count()).isBetween(16L, 48L);
        assertThat(principles.of(1, "prompt 0")).isEqualTo(Principles.read(file).of(1, "prompt 0"));
        assertThat(IntStream.range(0, 64)
                        .mapToObj(i -> principles.of(2, "prompt " + i))
                        .toList())
                .isNotEqualTo(drawn);
    }

    @Test
    void itStandsInThePrompt() throws IOException {
        ScriptedChat model = ScriptedChat.saying(request -> "Score: 3");
        new JudgeSettings(TeacherMode.SCORE, null, 64, 1, null, file("Be kind."), null, null)
                .scorer(model, 0)
                .score(List.of(Answer.of(Prompt.user("Hi."), "Hello.")));
        assertThat(model.asked.get(0).messages().get(0).content())
                .contains("does what was asked: Be kind.")
                .doesNotContain("{{");
    }

    @Test
    void without_theStandardOneStandsThere() {
        ScriptedChat model = ScriptedChat.saying(request -> "Score: 3");
        JudgeSettings.of(TeacherMode.SCORE).scorer(model, 0).score(List.of(Answer.of(Prompt.user("Hi."), "Hello.")));
        assertThat(model.asked.get(0).messages().get(0).content())
                .contains("does what was asked: correctness first, then helpfulness, then clarity.");
    }

    @Test
    void file_thatHasNone_orAPlace_isRefused() throws IOException {
        Path file = file("# nothing\n\n");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Principles.read(file))
                .withMessage("principles " + file + ": expected one a line, found none");
        file("Prefer {{answer}}.");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Principles.read(file))
                .withMessageContaining("expected plain text, found {{");
    }
}
