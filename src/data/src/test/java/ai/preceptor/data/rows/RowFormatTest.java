package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Message;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are written are read back as they were. */
class RowFormatTest {
    @TempDir
    Path directory;

    private final Prompt chat = new Prompt(
            Text.chat(Message.system("Be brief."), Message.user("Name a \"bird\".\n")), Map.of("source", "birds"));
    private final Prompt plain = Prompt.plain("Name a bird: ");

    @Test
    void row_ofPreferences_readsBackEqual() {
        List<Preference> written = List.of(
                new Preference(chat, chat.reply("Owl \uD83E\uDD89"), chat.reply("No")),
                new Preference(plain, plain.reply("owl"), plain.reply("no"), 0.25),
                new Preference(plain, plain.reply("owl"), plain.reply("no"), null, 0.625));
        Path file = directory.resolve("preferences.jsonl");
        RowFormat.PREFERENCES.write(file, written);
        assertThat(Datasets.preferences(file, 0, OnBadRow.FAIL).rows()).isEqualTo(written);
    }

    @Test
    void row_ofGroups_readsBackEqual() {
        List<RankedGroup> written = List.of(
                new RankedGroup(chat, List.of(chat.reply("owl"), chat.reply("no")), List.of(-1.5, -2.25)),
                new RankedGroup(
                        plain, List.of(plain.reply("a"), plain.reply("b"), plain.reply("c")), List.of(1.0, 3.0, 2.0)));
        Path file = directory.resolve("groups.jsonl");
        RowFormat.RANKED_GROUPS.write(file, written);
        assertThat(Datasets.rankedGroups(file, 0, OnBadRow.FAIL).rows()).isEqualTo(written);
    }

    /** Prompts taken from preference rows carry their old answers as columns. */
    @Test
    void row_columns_neverReplaceTheFormatsKeys() {
        Prompt prompt = new Prompt(Text.plain("q"), Map.of("chosen", "old", "margin", 7, "id", 3));
        assertThat(RowFormat.PREFERENCES.row().apply(new Preference(prompt, prompt.reply("new"), prompt.reply("bad"))))
                .isEqualTo(Map.of("prompt", "q", "chosen", "new", "rejected", "bad", "id", 3));
    }

    @Test
    void row_ofEveryFormat_isReadBack() throws IOException {
        assertThat(roundTrip(RowFormat.PREFERENCES, Golden.file("pairs.jsonl"))).hasSize(24);
        assertThat(roundTrip(RowFormat.RANKED_GROUPS, Golden.file("ranked.jsonl")))
                .hasSize(10);
        Path demonstrations = Files.writeString(directory.resolve("d.jsonl"), """
                {"prompt": "2 + 2 =", "completion": " 4", "level": 1}
                {"prompt": [{"role": "user", "content": "Hi"}], "completion": [{"role": "assistant", "content": "Ho"}]}
                {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}
                """);
        assertThat(roundTrip(RowFormat.DEMONSTRATIONS, demonstrations)).hasSize(3);
        Path unpaired = Files.writeString(
                directory.resolve("u.jsonl"),
                "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": true, \"margin\": 2}");
        assertThat(roundTrip(RowFormat.UNPAIRED, unpaired)).hasSize(1);
    }

    private <R> List<R> roundTrip(RowFormat<R> format, Path file) {
        List<R> rows = format.reader().read(file, 0, OnBadRow.FAIL).rows();
        Path written = directory.resolve("written.jsonl");
        format.write(written, rows);
        assertThat(format.reader().read(written, 0, OnBadRow.FAIL).rows()).isEqualTo(rows);
        return rows;
    }
}
