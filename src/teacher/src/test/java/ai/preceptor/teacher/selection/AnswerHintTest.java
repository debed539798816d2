package ai.preceptor.teacher.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerHintTest {
    @TempDir
    Path directory;

    private AnswerHint own() throws IOException {
        return AnswerHint.read(
                Files.writeString(directory.resolve("hint.txt"), "=== user\n{{prompt}} (It is {{answer}}.)\n"));
    }

    @Test
    void hinted_aConversation_hasTheAnswerInTheLastQuestion() throws IOException {
        Prompt prompt = new Prompt(
                Text.chat(Message.system("s"), Message.user("a"), Message.assistant("b"), Message.user("6 x 7?")),
                Map.of("solution", "6 x 7 = 42 #### 42"));
        assertThat(own().hinted(prompt))
                .isEqualTo(new Prompt(
                        Text.chat(
                                Message.system("s"),
                                Message.user("a"),
                                Message.assistant("b"),
                                Message.user("6 x 7? (It is 42.)")),
                        prompt.columns()));
    }

    @Test
    void hinted_aPlainText_isThatOfTheTemplate() throws IOException {
        Prompt prompt = new Prompt(Text.plain("6 x 7?"), Map.of("answer", 42));
        assertThat(own().hinted(prompt).text()).isEqualTo(Text.plain("6 x 7? (It is 42.)"));
        assertThat(AnswerHint.standard().hinted(prompt).text().asString())
                .startsWith("The right answer to the following question is 42.")
                .endsWith("6 x 7?");
    }

    @Test
    void problem_isARowWithoutAnAnswer() {
        assertThat(AnswerHint.problem(Prompt.plain("q")))
                .contains("expected a column answer, solution or ground_truth for hint_retry, found the columns []");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnswerHint.standard().hinted(Prompt.plain("q")));
    }

    @Test
    void marked_rowsSayThatTheyWereHinted() {
        Demonstration row = new Demonstration(new Prompt(Text.plain("q"), Map.of("answer", 1)), Text.plain("1"));
        assertThat(AnswerHint.marked(row).prompt().columns()).isEqualTo(Map.of("answer", 1, "hinted", true));
    }

    @Test
    void read_aTemplateWithoutItsPlace_isRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.txt"), "=== user\n{{prompt}}\n");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> AnswerHint.read(file))
                .withMessageContaining("expected the places [answer, prompt]");
    }
}
