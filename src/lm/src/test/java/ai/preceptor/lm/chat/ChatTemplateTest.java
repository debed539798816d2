package ai.preceptor.lm.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
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
}
