package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.testkit.Golden;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Public data sets beside the project, where they are; the counts were taken with Python and TRL 1.16.0. */
class RealDataTest {

    @Test
    void preferences_gpt4Pairs_equalsPython() {
        Dataset<Preference> rows = read("gpt4_pairs.jsonl.gz");
        assertThat(rows.report()).isEqualTo(new ReadReport(3853, 3853, Map.of(), List.of()));
        assertThat(rows.rows().stream().map(row -> row.prompt().text()).distinct())
                .hasSize(557);
        assertThat(checksum(rows.rows())).isEqualTo(7_598_176);
        assertThat(rows.rows().get(0).prompt().columns())
                .isEqualTo(Map.of("chosen_model", "text_davinci_003", "rejected_model", "alpaca-7b"));
    }

    /** Plain text with the prompt inside, which TRL's extract_prompt takes out. */
    @Test
    void preferences_harmlessDialogues_equalsTrl() {
        Dataset<Preference> rows = read("hh_harmless_pairs.jsonl.gz");
        assertThat(rows.report()).isEqualTo(new ReadReport(1800, 1796, Map.of("empty answer", 4), List.of()));
        assertThat(rows.rows().stream().map(row -> row.prompt().text()).distinct())
                .hasSize(1794);
        assertThat(checksum(rows.rows())).isEqualTo(2_605_911);
    }

    @Test
    void rankedGroups_gpt4Ranked_hasThreeToFiveAnswers() {
        Path file = Golden.shared("data/gpt4_ranked.jsonl.gz");
        Dataset<RankedGroup> groups = Datasets.rankedGroups(file, 0, OnBadRow.FAIL);
        assertThat(groups.report()).isEqualTo(new ReadReport(509, 509, Map.of(), List.of()));
        assertThat(groups.rows()).allSatisfy(group -> {
            assertThat(group.size()).isBetween(3, 5);
            assertThat(group.scores()).isSubsetOf(-1.0, 0.0, 1.0);
        });
    }

    @Test
    void prompts_real_areAllDifferent() {
        Path file = Golden.shared("data/prompts.jsonl.gz");
        Dataset<Prompt> prompts = Datasets.prompts(file, 0, OnBadRow.FAIL);
        assertThat(prompts.size()).isEqualTo(661);
        assertThat(prompts.rows().stream().map(Prompt::text).distinct()).hasSize(661);
    }

    @Test
    void preferences_goldenPairs_areReadWithoutTheSharedDirectory() {
        Dataset<Preference> rows = Datasets.preferences(Golden.file("pairs.jsonl"), 20, OnBadRow.FAIL);
        assertThat(rows.size()).isEqualTo(20);
        assertThat(rows.rows().get(0).prompt()).isEqualTo(Prompt.user("Explain a garden in spring to a child."));
        assertThat(Datasets.rankedGroups(Golden.file("ranked.jsonl"), 0, OnBadRow.FAIL)
                        .size())
                .isEqualTo(10);
    }

    private static Dataset<Preference> read(String name) {
        return Datasets.preferences(Golden.shared("data/" + name), 0, OnBadRow.FAIL);
    }

    /** Characters as Python counts them: prompts once, chosen twice, rejected three times. */
    private static long checksum(List<Preference> rows) {
        return rows.stream()
                .mapToLong(row ->
                        characters(row.prompt().text()) + 2 * characters(row.chosen()) + 3 * characters(row.rejected()))
                .sum();
    }

    private static long characters(Text text) {
        if (text instanceof Text.Chat chat) {
            return chat.messages().stream()
                    .mapToLong(message -> message.content().codePoints().count())
                    .sum();
        }
        return text.asString().codePoints().count();
    }
}
