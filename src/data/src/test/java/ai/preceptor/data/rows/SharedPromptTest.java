package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Message;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.RowException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedPromptTest {

    /** What TRL itself returns, see the README beside the resource. */
    @ParameterizedTest
    @MethodSource("trlRows")
    void of_trlRow_equalsTrl(JsonNode row) throws RowException {
        SharedPrompt shared = SharedPrompt.of(text(row.get("chosen")), text(row.get("rejected")));
        assertThat(shared.prompt()).isEqualTo(text(row.at("/expected/prompt")));
        assertThat(shared.chosen()).isEqualTo(text(row.at("/expected/chosen")));
        assertThat(shared.rejected()).isEqualTo(text(row.at("/expected/rejected")));
    }

    static List<JsonNode> trlRows() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        try (InputStream in = SharedPromptTest.class.getResourceAsStream("extract_prompt.jsonl")) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<JsonNode> rows =
                    mapper.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll();
            assertThat(rows).hasSize(65);
            return rows;
        }
    }

    private static Text text(JsonNode node) throws RowException {
        return JsonText.text("test", node);
    }

    @Test
    void of_nothingShared_hasAnEmptyPrompt() {
        // TRL looks at the last character of the text here, by Python's negative index.
        SharedPrompt shared = SharedPrompt.of(Text.plain("yes "), Text.plain("no "));
        assertThat(shared.prompt()).isEqualTo(Text.plain(""));
        assertThat(shared.chosen()).isEqualTo(Text.plain("yes "));
        assertThat(SharedPrompt.of(Text.plain(""), Text.plain("no")).prompt()).isEqualTo(Text.plain(""));
        assertThat(SharedPrompt.of(Text.chat(Message.user("a")), Text.chat(Message.user("b")))
                        .prompt())
                .isEqualTo(Text.chat());
    }

    /** Halves of one pair would be neither text nor tokens. */
    @Test
    void of_emojiThatShareTheirFirstHalf_cutsBeforeThem() {
        SharedPrompt shared = SharedPrompt.of(Text.plain("a\uD83D\uDE00"), Text.plain("a\uD83D\uDE01"));
        assertThat(shared.prompt()).isEqualTo(Text.plain("a"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void of_randomTexts_joinToTheOriginals(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            String prefix = randomText(random, 8);
            String chosen = prefix + randomText(random, 5);
            String rejected = prefix + randomText(random, 5);
            SharedPrompt shared = SharedPrompt.of(Text.plain(chosen), Text.plain(rejected));
            String prompt = shared.prompt().asString();
            assertThat(prompt + shared.chosen().asString())
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(chosen);
            assertThat(prompt + shared.rejected().asString()).isEqualTo(rejected);
            SharedPrompt swapped = SharedPrompt.of(Text.plain(rejected), Text.plain(chosen));
            assertThat(swapped.prompt()).isEqualTo(shared.prompt());
            assertThat(chosen.isEmpty() || !shared.chosen().asString().isEmpty())
                    .isTrue();
        }
    }

    private static String randomText(Random random, int longest) {
        String[] alphabet = {"a", "b", " ", "\n", "ä", "\uD83D\uDE00", "\uD83D\uDE01"};
        return Stream.generate(() -> alphabet[random.nextInt(alphabet.length)])
                .limit(random.nextInt(longest + 1))
                .reduce("", String::concat);
    }
}
