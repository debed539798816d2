package ai.preceptor.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
    private static final String CHATML = "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}"
            + "{% generation %}{{ m['content'] + '<|im_end|>' }}{% endgeneration %}{{ '\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static Rendered render(String template, boolean prompt, List<Map<String, Object>> messages) {
        return ChatTemplate.compile(template).render(messages, new RenderOptions(prompt, Map.of()));
    }

    @Test
    void render_chatMl_writesTurnsAndGenerationPrompt() {
        Rendered rendered = render(CHATML, true, List.of(Map.of("role", "user", "content", "Hi")));

        assertThat(rendered.text()).isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void render_generationBlocks_giveSpansInChars() {
        Rendered rendered = render(
                CHATML,
                false,
                List.of(Map.of("role", "user", "content", "😀"), Map.of("role", "assistant", "content", "ok")));

        assertThat(rendered.assistantSpans())
                .extracting(s -> rendered.text().substring(s.start(), s.end()))
                .containsExactly("😀<|im_end|>", "ok<|im_end|>");
    }

    @Test
    void render_templateSyntaxInMessage_staysText() {
        String hostile = "{{ 7 * 7 }}{% for i in range(9) %}x{% endfor %}{# gone #}";

        Rendered rendered = render(CHATML, false, List.of(Map.of("role", "user", "content", hostile)));

        assertThat(rendered.text()).contains(hostile);
    }

    @Test
    void render_raiseException_carriesMessageAndLine() {
        assertThatThrownBy(() -> render("a\nb\n{{ raise_exception('roles must alternate') }}", false, List.of()))
                .isInstanceOfSatisfying(TemplateException.class, e -> {
                    assertThat(e.line()).isEqualTo(3);
                    assertThat(e).hasMessage("chat template, line 3: roles must alternate");
                });
    }

    @Test
    void render_reasoning_isFoundUnderEveryName() {
        String template = "{% for m in messages %}[{{ m.reasoning_content }}|{{ m.thinking }}]{% endfor %}";

        Rendered rendered = render(
                template,
                false,
                List.of(
                        Map.of("role", "assistant", "reasoning", "a"),
                        Map.of("role", "assistant", "thinking", "b"),
                        Map.of("role", "assistant", "reasoning_content", "c", "thinking", "d"),
                        Map.of("role", "assistant")));

        assertThat(rendered.text()).isEqualTo("[a|a][b|b][c|d][|]");
    }

    @Test
    void render_values_becomePlainOnes() {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("nothing", null);
        variables.put("numbers", List.of(1, 2L, 1.5f, new BigInteger("12345678901234567890"), new int[] {3}));
        variables.put("map", Map.of(1, 'x'));
        variables.put("object", new Object());

        String text = ChatTemplate.compile("{{ nothing }} {{ numbers }} {{ map }} {{ object }}")
                .render(List.of(), new RenderOptions(false, variables))
                .text();

        assertThat(text).isEqualTo("None [1, 2, 1.5, 12345678901234567890, [3]] {1: 'x'} <Object>");
    }

    @Test
    void render_toolsAndDocuments_areNoneUnlessGiven() {
        Rendered rendered = render("{{ tools }} {{ documents }} {{ bos_token is defined }}", false, List.of());

        assertThat(rendered.text()).isEqualTo("None None False");
    }

    @Test
    void render_messagesNestedTooDeep_areRefused() {
        Object nested = "x";
        for (int i = 0; i < 300; i++) {
            nested = List.of(nested);
        }
        Map<String, Object> message = Map.of("role", "user", "content", nested);

        assertThatThrownBy(() -> render("{{ messages }}", false, List.of(message)))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("deeper than 200 levels");
    }

    @Test
    void render_generationInsideDroppedText_staysInsideTheText() {
        Rendered rendered = render("a{% set x %}{% generation %}bcd{% endgeneration %}{% endset %}", false, List.of());

        assertThat(rendered.text()).isEqualTo("a");
        assertThat(rendered.assistantSpans()).containsExactly(new Rendered.Span(1, 1));
    }

    @Test
    void render_recursiveLoop_putsSpansWhereTheyBelong() {
        Rendered rendered = render(
                "{% for x in ['a', 'b'] recursive %}{{ x }}{% generation %}<{{ x }}>{% endgeneration %}{% endfor %}",
                false, List.of());

        assertThat(rendered.assistantSpans())
                .extracting(s -> rendered.text().substring(s.start(), s.end()))
                .containsExactly("<a>", "<b>");
    }

    @Test
    void render_runtimeError_namesLineOfStatement() {
        assertThatThrownBy(() ->
                        render("{% set x = none %}\n\n{%- if true %}\n{{ x + 1 }}\n{% endif %}", false, List.of()))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.line()).isEqualTo(4));
    }

    @Test
    void render_strftimeNow_tellsTheClockGiven() {
        Clock clock = Clock.fixed(Instant.parse("2026-12-31T23:30:00Z"), ZoneOffset.ofHours(1));

        String text = ChatTemplate.compile("{{ strftime_now('%-d %B %Y') }}", clock)
                .render(List.of(), new RenderOptions(false, Map.of()))
                .text();

        assertThat(text).isEqualTo("1 January 2027");
    }

    @Test
    void render_fromManyThreads_keepsRenderingsApart() {
        ChatTemplate template = ChatTemplate.compile(
                "{% set ns = namespace(n=0) %}{% for i in range(n) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}");

        List<String> texts = IntStream.range(0, 200)
                .parallel()
                .mapToObj(n -> template.render(List.of(), new RenderOptions(false, Map.of("n", n)))
                        .text())
                .toList();

        assertThat(texts)
                .isEqualTo(IntStream.range(0, 200)
                        .mapToObj(n -> String.valueOf(n * (n - 1) / 2))
                        .toList());
    }
}
