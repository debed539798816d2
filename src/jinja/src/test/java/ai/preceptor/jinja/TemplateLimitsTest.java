package ai.preceptor.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.jinja.value.Limits;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateLimitsTest {
    private static final Limits SMALL = new Limits(10_000, 5_000, 20, 30);

    private static String render(String template) {
        return ChatTemplate.compile(template, Clock.systemUTC(), SMALL)
                .render(List.of(), new RenderOptions(false, Map.of()))
                .text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "{% for i in range(100) %}{% for j in range(100) %}{% endfor %}{% endfor %} # more than 5000 steps",
                "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(15) }} # steps",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }} # deeper than 20 levels",
                "{{ range(100001) }} # more than 100000 elements",
                "{{ 'a' * 10001 }} # 10001 chars",
                "{{ [0] * 10001 }} # 10001 elements",
                "{{ 'a' * 6000 }}{{ 'a' * 6000 }} # beyond 10000 chars",
                "{% set ns = namespace(s='ab') %}{% for i in range(40) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %} # beyond",
                "{% set ns = namespace(s='ab') %}{% for i in range(40) %}{% set ns.s = ns.s + ns.s %}{% endfor %} # chars",
                "{{ ('a' * 5000)|replace('a', 'bbbb') }} # beyond 10000 chars",
                "{{ 'a'.ljust(10 ** 9) }} # chars",
                "{{ 'a'|center(10 ** 9) }} # chars",
                "{{ 'a'.ljust(2 ** 62 + 1, '😀') }} # a text of",
                "{{ '{:09999999,}'.format(1) }} # 9999999 chars",
                "{{ ([('a' * 6000, '')] * 2)|urlencode|length }} # beyond 10000 chars",
                "{{ ('&' * 6000)|escape }} # 30000 chars",
                "{{ ('a' * 9999).partition('a' * 9998 ~ 'b') }} # more than 5000 steps",
                "{{ ('a' * 9999).rpartition('b' ~ 'a' * 9998) }} # more than 5000 steps",
                "{% set d = dict.fromkeys(range(1000)) %}{% for i in range(9) %}{{ d.keys() == dict(d).keys() }}{% endfor %} # steps",
                "{{ [1]|map(attribute='a' * 1001)|list }} # 1001 chars",
                "{{ '%9999999d' % 1 }} # wider than",
                "{{ 'a'|indent(10 ** 9) }} # chars",
                "{{ [1]|batch(10 ** 9, 0)|list }} # elements",
                "{{ [1]|slice(10 ** 9)|list }} # elements",
                "{{ 10 ** 9999 }} # 8192 bits",
                "{% set ns = namespace(x=[]) %}{% for i in range(40) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }} # 30 levels",
                "{% set ns = namespace(x=[]) %}{% for i in range(40) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x|tojson }} # 30",
                "{% set ns = namespace() %}{% set ns.d = [ns] %}{{ ns }} # 30 levels",
                "{{ {(1,) * 1001: 1} }} # cannot be a key"
            })
    void render_templateThatAsksTooMuch_isStopped(String template, String reason) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "not ", "-", "{% if 1 %}", "x if "})
    void compile_deepNesting_isRefused(String opening) {
        String source = opening.startsWith("{") ? opening.repeat(5000) : "{{ " + opening.repeat(5000) + "1";

        assertThatThrownBy(() -> ChatTemplate.compile(source)).isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {" + 1", "|string", ".a", " ~ 1", " and 1", " < 1"})
    void compile_endlessExpression_isRefused(String repeated) {
        assertThatThrownBy(() -> ChatTemplate.compile("{{ x" + repeated.repeat(5000) + " }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("operators");
    }

    @Test
    void compile_numberOfTooManyBits_isRefusedWithItsLine() {
        assertThatThrownBy(() -> ChatTemplate.compile("\n{{ 0x" + "f".repeat(2300) + " }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("8192 bits");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "{{ '{:012,}|{:-012,}|{:08,}|{:0_}|{:016_x}'.format(1, -1, 1234567, 7, 255) }}"
                        + " # 0,000,000,001|-000,000,001|1,234,567|7|0_0000_0000_00ff",
                "{{ '{:,}|{:_b}|{:,.2f}'.format(1234567, 1023, 1234.5) }} # 1,234,567|11_1111_1111|1,234.50",
                "{{ 'abc'[1::2 ** 63 - 1] ~ 'abc'[1::-2 ** 62] }} # bb",
                "{{ range(10, 0, -4)[::2 ** 62]|list ~ [1, 2, 3][::-(2 ** 62)] }} # [10][3]",
                "{{ 'abc'|truncate(2 ** 63 - 1) }} # abc",
                "{{ {1: 'a', 1.0: 'b', 'x': 'c'} ~ {(1, 'a'): 2}[(1.0, 'a')] }} # {1: 'b', 'x': 'c'}2",
                "{{ [('a b', 'ü'), ('c', '')]|urlencode ~ {}|urlencode }} # a+b=%C3%BC&c="
            })
    void render_numbersNearTheLimits_areAsInPython(String template, String text) {
        assertThat(render(template)).isEqualTo(text);
    }

    @Test
    void render_longestAllowedExpression_fitsASmallStack() throws InterruptedException {
        ChatTemplate template = ChatTemplate.compile("{{ 1" + " + 1".repeat(Limits.OPERATORS) + " }}");
        StringBuilder text = new StringBuilder();
        Thread thread = new Thread(
                null,
                () -> text.append(template.render(List.of(), new RenderOptions(false, Map.of()))
                        .text()),
                "small stack",
                512 * 1024);

        thread.start();
        thread.join();

        assertThat(text).hasToString(String.valueOf(Limits.OPERATORS + 1));
    }

    @Test
    void render_ordinaryConversation_staysFarBelowTheLimits() {
        List<Map<String, Object>> messages =
                Collections.nCopies(2_000, Map.of("role", "user", "content", "x".repeat(1_000)));

        String text = ChatTemplate.compile(
                        "{% for m in messages %}{{ m.role + ': ' + m.content|trim + '\n' }}{% endfor %}")
                .render(messages, new RenderOptions(false, Map.of()))
                .text();

        assertThat(text).hasSize(2_000 * 1_007);
    }
}
