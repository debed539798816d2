package ai.preceptor.teacher.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeSettingsTest {
    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String label(Path template, int maxTokens, Path principles) {
        return new JudgeSettings(TeacherMode.SCORE, template, maxTokens, 1, null, principles, null, null).label();
    }

    @Test
    void label_holdsWhatIsInTheFiles_notWhereTheyLie() throws IOException {
        String words = "=== user\n{{prompt}} {{answer}} {{principle}}";
        Path template = file("template.txt", words);
        Path principles = file("principles.txt", "Be kind.\nBe brief.\n");
        String before = label(template, 512, principles);
        assertThat(before).matches("SCORE, template [0-9a-f]{16}, principles [0-9a-f]{16}");
        assertThat(label(file("copy.txt", words), 512, file("same.txt", "# ours\nBe kind.\n\nBe brief.")))
                .isEqualTo(before);
        file("template.txt", words + " Be strict.");
        String stricter = label(template, 512, principles);
        assertThat(stricter).isNotEqualTo(before);
        file("principles.txt", "Be kind.\nBe long.\n");
        assertThat(label(template, 512, principles)).isNotEqualTo(stricter);
    }

    @ParameterizedTest
    @EnumSource(TeacherMode.class)
    void label_holdsTheLimitOfTokens_whereRepliesAreRead(TeacherMode mode) {
        String longer = new JudgeSettings(mode, null, 1024, 1, null, null, null, null).label();
        assertThat(JudgeSettings.of(mode).label()).isEqualTo(mode + ", standard template");
        assertThat(longer).isEqualTo(mode + ", standard template" + (mode.readsLabels() ? "" : ", max_tokens 1024"));
    }
}
