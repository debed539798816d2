package ai.preceptor.teacher.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.source.RowPlace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurationTest {
    private static CurationSettings settings(
            double jaccard, Integer minWords, Integer maxWords, List<String> languages) {
        return new CurationSettings(
                RowText.ALL,
                true,
                jaccard,
                128,
                null,
                minWords,
                maxWords,
                null,
                null,
                languages,
                null,
                null,
                null,
                null,
                null);
    }

    @Test
    void of_countsByReason() {
        List<SourceRow> rows = new ArrayList<>(Samples.prompts("one two", "one", "one two", "one two three"));
        rows.add(new SourceRow(
                RowPlace.line(Path.of("rows.jsonl"), 5),
                "{}",
                SourceRow.Kind.PREFERENCES,
                Prompt.plain("p"),
                List.of(),
                List.of(),
                null,
                "chosen == rejected"));
        Curated curated = new Curation(settings(0.9, 2, null, null).filters()).of(rows);
        assertThat(curated.kept()).extracting(SourceRow::line).containsExactly(1L, 4L);
        assertThat(curated.dropped()).extracting(one -> one.row().line()).containsExactly(2L, 3L, 5L);
        assertThat(curated.reasons())
                .containsEntry("too_short", 1)
                .containsEntry("duplicate", 1)
                .containsEntry("chosen_equals_rejected", 1);
        assertThat(curated.summary()).isEqualTo("2 of 5 rows kept, 1 too_short, 1 duplicate, 1 chosen_equals_rejected");
        assertThat(curated.toRow()).containsEntry("rows", 5).containsEntry("rows/kept", 2);
        assertThat(curated.dropped().get(1).toRow())
                .containsEntry("line", 3L)
                .containsEntry("reason", "duplicate")
                .containsEntry("detail", "repeats line 1");
    }

    @Test
    void of_severalFiles_keepsTheirOrder_andNamesTheOther() {
        List<SourceRow> rows = new ArrayList<>(Samples.prompts("one", "two words here now", "a", "three words here"));
        String[] more = {"three words here", "two words here now", "b", "Two words, here now!"};
        for (int i = 0; i < more.length; i++) {
            rows.add(Samples.prompt(RowPlace.line(Path.of("more.jsonl"), i + 1), more[i]));
        }
        Curated curated = new Curation(settings(0.9, 2, null, null).filters()).of(rows);
        assertThat(curated.dropped())
                .extracting(one -> one.row().place() + " " + one.drop().detail())
                .containsExactly(
                        "rows.jsonl:1 1 words, at least 2",
                        "rows.jsonl:3 1 words, at least 2",
                        "more.jsonl:1 repeats rows.jsonl:4",
                        "more.jsonl:2 repeats rows.jsonl:2",
                        "more.jsonl:3 1 words, at least 2",
                        "more.jsonl:4 Jaccard 1.000 with rows.jsonl:2");
    }

    @Test
    void of_aFilterThatForgetsARow_isRefused() {
        RowFilter bad = new RowFilter() {
            @Override
            public String name() {
                return "bad";
            }

            @Override
            public List<Drop> judge(List<SourceRow> rows) {
                return List.of();
            }
        };
        assertThatThrownBy(() -> new Curation(List.of(bad)).of(Samples.prompts("a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("filter bad: 0 verdicts");
    }

    @Test
    void settings_byDefault_dropRepeatsAndNearDuplicates() {
        List<RowFilter> filters =
                new DefaultSettings<>(CurationSettings.class).make().filters();
        assertThat(filters).extracting(RowFilter::name).containsExactly("repeats", "MinHash");
        assertThat(settings(1, null, null, null).filters()).hasSize(1);
    }

    @Test
    void settings_thatContradict_areRefused() {
        assertThatThrownBy(() -> settings(0.9, 5, 4, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("max_words: expected 5 or more, the minimum, found 4");
        assertThatThrownBy(() -> settings(0.9, null, null, List.of("xx")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("languages: expected und or some of ar, bg")
                .hasMessageContaining("found \"xx\"");
    }
}
