package ai.preceptor.teacher.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.elicit.PromptProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaPromptsTest extends PromptMethodContract {
    private static Attributes attributes() {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        columns.put("domain", List.of("maths", "law", "sport"));
        columns.put("level", List.of("easy", "hard"));
        return new Attributes(columns);
    }

    @Override
    protected PromptMethod method(ScriptedChat chat, long seed) {
        return new MetaPrompts(
                new Questions(chat, new ChatSampling(1, 100, seed)),
                PromptTemplates.read(null).named(MetaPrompts.TEMPLATE),
                attributes(),
                seed);
    }

    @Override
    protected ScriptedChat chat() {
        return new ScriptedChat(question -> "Ask about " + question.seed());
    }

    @Test
    void combinations_areAskedForEquallyOften() {
        PromptsMade made = new PromptGeneration(method(chat(), 3), 100).run(pool(25), PromptProgress.UNHEARD);
        Map<Object, Long> counts = made.kept().stream()
                .map(one -> one.origin().get("attributes"))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(counts).hasSize(6);
        assertThat(counts.values()).allMatch(count -> count == 4 || count == 5);
    }

    @Test
    void combination_hasAValueOfEveryColumn() {
        assertThat(attributes().combinations()).isEqualTo(6);
        assertThat(attributes().combination(0)).isEqualTo(Map.of("domain", "maths", "level", "easy"));
        assertThat(attributes().combination(3)).isEqualTo(Map.of("domain", "law", "level", "hard"));
        ScriptedChat chat = chat();
        method(chat, 3).step(pool(1));
        assertThat(chat.questions.get(0)).containsPattern(">\ndomain: [a-z]+\nlevel: [a-z]+\n</");
    }

    @Test
    void files_areChecked(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("attributes.json");
        Files.writeString(file, "{\"b\": [\"x\", \"x\", \"y\"], \"a\": [\"z\"]}");
        assertThat(Attributes.read("attributes", file).columns())
                .isEqualTo(Map.of("b", List.of("x", "y"), "a", List.of("z")));
        for (String bad :
                List.of("[]", "{}", "{\"a\": []}", "{\"a\": [1]}", "{\"a\": \"x\"}", "{", "{\"a\":[\"x\"],\"a\":[]}")) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> Attributes.read("attributes", file))
                    .as(bad)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("attributes: " + file + ": ");
        }
    }
}
