package ai.preceptor.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WorldTest {
    private static final WorldRule RULE = new WorldRule();

    private final List<Preference> pairs = new World(3).pairs(4000);

    @Test
    void pairs_sameSeed_areTheSame() {
        assertThat(new World(5).pairs(50)).isEqualTo(new World(5).pairs(50));
        assertThat(new World(6).pairs(50)).isNotEqualTo(new World(5).pairs(50));
    }

    @Test
    void pairs_goodAnswer_hasFullMarksAndFlawedOneHasNot() {
        assertThat(pairs).allSatisfy(pair -> {
            assertThat(RULE.applyAsDouble(new Answer(pair.prompt(), pair.chosen())))
                    .isEqualTo(1);
            assertThat(RULE.applyAsDouble(new Answer(pair.prompt(), pair.rejected())))
                    .isBetween(0.0, 0.9);
        });
    }

    @Test
    void pairs_lengthAlone_tellsNothing() {
        long longer = pairs.stream().filter(pair -> length(pair) > 0).count();
        long shorter = pairs.stream().filter(pair -> length(pair) < 0).count();
        assertThat(longer / (double) pairs.size()).isBetween(0.4, 0.6);
        assertThat(shorter / (double) pairs.size()).isBetween(0.4, 0.6);
    }

    private static int length(Preference pair) {
        return pair.rejected().asString().length() - pair.chosen().asString().length();
    }

    @Test
    void pairs_everyKind_occurs() {
        Set<Object> kinds =
                pairs.stream().map(pair -> pair.prompt().columns().get("kind")).collect(Collectors.toSet());
        assertThat(kinds).hasSize(TaskKind.values().length);
    }

    @Test
    void prompts_without_neverAskTheSame() {
        List<Prompt> aside = new World(1).prompts(240);
        Set<String> texts = new HashSet<>();
        aside.forEach(prompt -> texts.add(prompt.text().asString()));
        assertThat(texts).hasSize(240);
        assertThat(World.without(aside, 1).prompts(512))
                .noneMatch(prompt -> texts.contains(prompt.text().asString()));
    }

    @Test
    void prompts_moreThanThereAre_isRefused() {
        assertThatThrownBy(() -> new World(1).prompts(2000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2000")
                .hasMessageContaining("kind name");
    }

    @Test
    void demonstrations_goodShare_isKept() {
        long good = new World(8)
                .demonstrations(4000, 0.35).stream()
                        .filter(row -> RULE.applyAsDouble(new Answer(row.prompt(), row.completion())) == 1)
                        .count();
        assertThat(good / 4000.0).isBetween(0.32, 0.38);
    }
}
