package ai.preceptor.teacher.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Message;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.rows.OnBadRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is what {@link Datasets} reads. */
class PreferenceRowsTest {
    @TempDir
    private Path directory;

    private final Prompt chat = new Prompt(
            Text.chat(Message.system("Be brief."), Message.user("Name a \"bird\".\n")), Map.of("source", "birds"));
    private final Prompt plain = Prompt.plain("Name a bird: ");

    @Test
    void of_preferencesReadsBackEqual() {
        List<Preference> written = List.of(
                new Preference(chat, chat.reply("Owl \uD83E\uDD89"), chat.reply("No")),
                new Preference(plain, plain.reply("owl"), plain.reply("no"), 0.25),
                new Preference(plain, plain.reply("owl"), plain.reply("no"), null, 0.625));
        Path file = directory.resolve("preferences.jsonl");
        JsonlWriter.replace(file, written.stream().map(PreferenceRows::of).toList());
        assertThat(Datasets.preferences(file, 0, OnBadRow.FAIL).rows()).isEqualTo(written);
    }

    @Test
    void of_groupsReadsBackEqual() {
        List<RankedGroup> written = List.of(
                new RankedGroup(chat, List.of(chat.reply("owl"), chat.reply("no")), List.of(-1.5, -2.25)),
                new RankedGroup(
                        plain, List.of(plain.reply("a"), plain.reply("b"), plain.reply("c")), List.of(1.0, 3.0, 2.0)));
        Path file = directory.resolve("groups.jsonl");
        JsonlWriter.replace(file, written.stream().map(PreferenceRows::of).toList());
        assertThat(Datasets.rankedGroups(file, 0, OnBadRow.FAIL).rows()).isEqualTo(written);
    }

    /** Prompts taken from preference rows carry their old answers as columns. */
    @Test
    void of_columnsNeverReplaceTheFormatsKeys() {
        Prompt prompt = new Prompt(Text.plain("q"), Map.of("chosen", "old", "margin", 7, "id", 3));
        assertThat(PreferenceRows.of(new Preference(prompt, prompt.reply("new"), prompt.reply("bad"))))
                .isEqualTo(Map.of("prompt", "q", "chosen", "new", "rejected", "bad", "id", 3));
    }
}
