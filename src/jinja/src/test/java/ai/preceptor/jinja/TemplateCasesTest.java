package ai.preceptor.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Renders what transformers 5.23.0 on jinja2 3.1.6 rendered; {@code make_cases.py} beside the cases makes them. */
class TemplateCasesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);

    private record Case(JsonNode node, JsonNode usualVariables) {
        Rendered render() {
            ObjectMapper mapper = new ObjectMapper();
            JsonNode variables = node.has("variables") ? node.get("variables") : usualVariables;
            List<Map<String, Object>> messages = new ArrayList<>();
            for (JsonNode message : node.get("messages")) {
                messages.add(map(mapper, message));
            }
            RenderOptions options =
                    new RenderOptions(node.get("add_generation_prompt").asBoolean(), map(mapper, variables));
            return ChatTemplate.compile(node.get("template").asText(), CLOCK).render(messages, options);
        }

        @SuppressWarnings("unchecked")
        private static Map<String, Object> map(ObjectMapper mapper, JsonNode value) {
            return mapper.convertValue(value, Map.class);
        }

        @Override
        public String toString() {
            return node.get("name").asText();
        }
    }

    private static List<Case> all() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<Case> cases = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(TemplateCasesTest.class.getResourceAsStream("cases.jsonl"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            JsonNode header = mapper.readTree(lines.readLine());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                cases.add(new Case(mapper.readTree(line), header.get("variables")));
            }
        }
        return cases;
    }

    static Stream<Case> rendered() throws IOException {
        return all().stream().filter(c -> c.node().has("text"));
    }

    static Stream<Case> refused() throws IOException {
        return all().stream().filter(c -> c.node().has("error"));
    }

    @Test
    void cases_file_holdsBothKinds() throws IOException {
        assertThat(rendered().count()).isGreaterThan(300);
        assertThat(refused().count()).isGreaterThan(80);
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void render_case_givesTextAndSpansOfTransformers(Case c) {
        Rendered rendered = c.render();

        assertThat(rendered.text()).isEqualTo(c.node().get("text").asText());
        List<List<Integer>> spans = new ArrayList<>();
        for (Rendered.Span span : rendered.assistantSpans()) {
            spans.add(List.of(
                    rendered.text().codePointCount(0, span.start()),
                    rendered.text().codePointCount(0, span.end())));
        }
        assertThat(spans).isEqualTo(new ObjectMapper().convertValue(c.node().get("spans"), List.class));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void render_caseThatFails_failsOnTheLineJinjaNames(Case c) {
        TemplateException error = catchThrowableOfType(TemplateException.class, c::render);

        assertThat(error).isNotNull();
        int line = c.node().has("line") ? c.node().get("line").asInt() : error.line();
        assertThat(error.line()).as(error.getMessage()).isEqualTo(line);
        String raised = c.node().get("error").asText();
        if (raised.startsWith("TemplateError: ")) {
            assertThat(error).hasMessageEndingWith(raised.substring("TemplateError: ".length()));
        }
    }
}
