package ai.preceptor.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Templates that a random generator wrote, with what transformers 5.23.0 on jinja2 3.1.6 rendered from them: a sample of
 * the 6,000 that were compared.
 */
class RandomTemplatesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    @SuppressWarnings("unchecked")
    void render_randomTemplates_givesTextAndSpansOfTransformers() throws IOException {
        int count = 0;
        try (InputStream in = Objects.requireNonNull(RandomTemplatesTest.class.getResourceAsStream("random.jsonl"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            JsonNode header = JSON.readTree(lines.readLine());
            Map<String, Object> variables = JSON.convertValue(header.get("variables"), Map.class);
            List<Map<String, Object>> messages = JSON.convertValue(header.get("messages"), List.class);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = JSON.readTree(line);
                String template = row.get("template").asText();
                Rendered rendered = ChatTemplate.compile(template, CLOCK)
                        .render(
                                messages,
                                new RenderOptions(
                                        row.get("add_generation_prompt").asBoolean(), variables));
                String text = rendered.text();
                assertThat(text).as(template).isEqualTo(row.get("text").asText());
                List<List<Integer>> spans = new ArrayList<>();
                for (Rendered.Span span : rendered.assistantSpans()) {
                    spans.add(List.of(text.codePointCount(0, span.start()), text.codePointCount(0, span.end())));
                }
                assertThat(spans).as(template).isEqualTo(JSON.convertValue(row.get("spans"), List.class));
                count++;
            }
        }
        assertThat(count).isEqualTo(295);
    }
}
