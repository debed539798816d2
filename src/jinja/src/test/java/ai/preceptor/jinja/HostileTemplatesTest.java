package ai.preceptor.jinja;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Templates that want to use up time or memory, under a share of the limits that every template has. Whatever they do, they end soon:
 * with a text, or with an error that names a line, in the gigabyte of memory that tests have.
 */
class HostileTemplatesTest {
    private static final String LONG = "{% set s = 'a' * 4000000 %}";
    private static final String LIST = "{% set l = range(100000)|list %}";
    private static final String FOREVER = "{% for i in range(100000) %}{% for j in range(100000) %}";
    private static final String END = "{% endfor %}{% endfor %}";

    /** What goes into an endless loop, after what is set before it. */
    private static Stream<String[]> loops() {
        return Stream.of(
                new String[] {"", ""},
                new String[] {"", "{{ i ~ j }}"},
                new String[] {"", "{% set x = i * j %}"},
                new String[] {LONG, "{% set x = s|replace('a', 'b') %}"},
                new String[] {LONG, "{% set x = s.replace('aa', 'b') %}"},
                new String[] {LONG, "{% set x = s.split('a')|length %}"},
                new String[] {LONG, "{% set x = s.split('aab') %}"},
                new String[] {LONG, "{% set x = s.rsplit('b', 1) %}"},
                new String[] {LONG, "{% set x = s.find('aaaaaaaaaaaaaaaaab') %}"},
                new String[] {LONG + "{% set t = 'a' * 1999999 ~ 'b' %}", "{% set x = t in s %}"},
                new String[] {LONG + "{% set t = 'a' * 1999999 ~ 'b' %}", "{% set x = s.count(t) %}"},
                new String[] {LONG + "{% set t = 'a' * 1999999 ~ 'b' %}", "{% set x = s.rfind(t) %}"},
                new String[] {LONG, "{% set x = s.count('a') %}"},
                new String[] {LONG, "{% set x = s.strip('ab') %}"},
                new String[] {LONG, "{% set x = s.lstrip('a' * 1000) %}"},
                new String[] {LONG, "{% set x = s.strip('b' * 1000 ~ 'a') %}"},
                new String[] {LONG, "{% set x = s.upper() %}"},
                new String[] {LONG, "{% set x = s|title %}"},
                new String[] {LONG, "{% set x = s[::-1] %}"},
                new String[] {LONG, "{% set x = s[j] %}"},
                new String[] {LONG, "{% set x = s|length %}"},
                new String[] {LONG, "{% set x = s|list|length %}"},
                new String[] {LONG, "{% set x = s|urlencode %}"},
                new String[] {LONG, "{% set x = s|escape %}"},
                new String[] {LONG, "{% set x = s|striptags %}"},
                new String[] {LONG, "{% set x = s|wordcount %}"},
                new String[] {LONG, "{% set x = s|tojson %}"},
                new String[] {LONG, "{% set x = s|indent %}"},
                new String[] {LONG, "{% set x = s|trim %}"},
                new String[] {LONG, "{% set x = s|truncate(3999999) %}"},
                new String[] {LONG, "{% set x = s == s ~ '' %}"},
                new String[] {LONG, "{% set x = s < s ~ 'b' %}"},
                new String[] {LONG, "{% set x = s.isalpha() %}"},
                new String[] {LONG, "{% set x = s.startswith(s) %}"},
                new String[] {LONG, "{% set x = {s: 1}[s] %}"},
                new String[] {LONG, "{% set x = '%s' % s %}"},
                new String[] {LONG, "{% set x = '{}'.format(s) %}"},
                new String[] {LONG, "{% set x = s|int(0) %}"},
                new String[] {LONG, "{% set x = s|float %}"},
                new String[] {"{% set s = '1' * 2000000 %}", "{% set x = s|int %}"},
                new String[] {"{% set s = '1' * 2000 %}", "{% set x = s|int %}"},
                new String[] {"{% set s = ' a' * 2000000 %}", "{% set x = s.split() %}"},
                new String[] {"{% set s = 'a\n' * 2000000 %}", "{% set x = s.splitlines() %}"},
                new String[] {"{% set s = ' a' * 2000000 %}", "{% set x = s.rsplit() %}"},
                new String[] {"{% set s = '<' * 2000000 %}", "{% set x = s|striptags %}"},
                new String[] {"{% set s = '<a ' * 1000000 %}", "{% set x = s|striptags %}"},
                new String[] {"{% set s = '<!--' * 1000000 %}", "{% set x = s|striptags %}"},
                new String[] {"{% set s = '\t' * 20000 %}", "{% set x = s.expandtabs(800) %}"},
                new String[] {"{% set s = '{}' * 100000 %}", "{% set x = s.format(*range(100000)) %}"},
                new String[] {"{% set n = 3 ** 5000 %}", "{% set x = n * n // n %}"},
                new String[] {"{% set n = 3 ** 5000 %}", "{% set x = n|string %}"},
                new String[] {"{% set n = 3 ** 2500 %}", "{% set x = n % 7 ~ n * n %}"},
                new String[] {LIST, "{% set x = l|join %}"},
                new String[] {LIST, "{% set x = l|sort %}"},
                new String[] {LIST, "{% set x = l|unique|list %}"},
                new String[] {LIST, "{% set x = l|sum %}"},
                new String[] {LIST, "{% set x = l + l %}"},
                new String[] {LIST, "{% set x = l * 10 %}"},
                new String[] {LIST, "{% set x = l[::-1] %}"},
                new String[] {LIST, "{% set x = 'b' in l %}"},
                new String[] {LIST, "{% set x = l == l|reverse|list %}"},
                new String[] {LIST, "{% set x = l|map('string')|list %}"},
                new String[] {LIST, "{% set x = l|tojson %}"},
                new String[] {LIST, "{% set x = l|string %}"},
                new String[] {LIST, "{% set x = l|batch(2)|list %}"},
                new String[] {LIST, "{% set x = l|groupby('real')|list %}"},
                new String[] {LIST, "{% set x = dict(l|map('string')|map('list')|list) %}"},
                new String[] {LIST, "{% set x = dict.fromkeys(l) %}"},
                new String[] {LIST, "{% set x = l.index(99999) %}"},
                new String[] {LIST, "{% set x = l.count(1) %}"},
                new String[] {LIST, "{% set x = l|max %}"},
                new String[] {"{% set t = (1,) * 900 %}", "{% set x = {(t, t, t): 1} %}"},
                new String[] {"", "{% set x = range(100000)|list %}"},
                new String[] {"", "{% set x = range(100000)|sum %}"},
                new String[] {"", "{% set x = 'a' * 16000000 %}"},
                new String[] {"", "{% set x = [0] * 16000000 %}"},
                new String[] {"", "{% set x = 'a'.center(16000000) %}"},
                new String[] {"", "{% set x = '%9999999s' % 1 %}"},
                new String[] {"", "{% set x = '{:9999999}'.format(1) %}"},
                new String[] {"", "{% set x = '%.9999999f' % 1.5 %}"},
                new String[] {"", "{% set x = 2 ** 8000 %}"},
                new String[] {"", "{% set x = 10.0 ** 308|round(300) %}"});
    }

    private static Stream<String> others() {
        String doubling = "{% set ns = namespace(x='ab') %}{% for i in range(99999) %}{% set ns.x = ";
        return Stream.of(
                "{% set s = 'é' * 16000000 %}{% set ns = namespace(x=[]) %}{% for i in range(99999) %}"
                        + "{% set ns.x = ns.x + [s ~ i] %}{% endfor %}",
                "{% set ns = namespace(x=[]) %}{% for i in range(99999) %}"
                        + "{% set ns.x = ns.x + [range(90000)|map('string')|list] %}{% endfor %}",
                doubling + "ns.x ~ ns.x %}{% endfor %}",
                doubling + "ns.x|replace('a', 'aa') %}{% endfor %}",
                doubling + "[ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
                doubling + "[ns.x, ns.x] %}{% endfor %}{{ ns.x == ns.x }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}"
                        + "{{ ns.x|tojson|length }}",
                "{% set ns = namespace(x=[], y=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}"
                        + "{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
                "{% set ns = namespace(x=(), y=()) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}"
                        + "{% set ns.y = (ns.y, ns.y) %}{% endfor %}{{ ns.x < ns.y }}",
                "{% set ns = namespace(x=()) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}"
                        + "{{ {ns.x: 1} }}",
                "{% set ns = namespace(s='') %}{% for i in range(100000) %}{% set ns.s = ns.s ~ 'abcdefgh' %}{% endfor %}",
                "{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = ns.l + [i] %}{% endfor %}",
                "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
                "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(90) }}",
                "{% macro m(n) %}{% if n %}{{ m(n - 1) ~ m(n - 1) }}{% else %}abcdefgh{% endif %}{% endmacro %}{{ m(90) }}",
                "{% macro a(n) %}{{ b(n) }}{% endmacro %}{% macro b(n) %}{{ a(n) }}{% endmacro %}{{ a(1) }}",
                "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{% call m() %}x{% endcall %}",
                "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
                "{% for x in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
                "{% for i in range(100000) recursive %}{{ loop(range(100000)) }}{% endfor %}",
                "{% for a in range(10) %}".repeat(90) + "x" + "{% endfor %}".repeat(90),
                "{% if 1 %}".repeat(100000),
                "{% for i in [1] %}".repeat(100000),
                "{{ " + "(".repeat(100000) + "1",
                "{{ " + "[".repeat(100000) + "1",
                "{{ " + "{1:".repeat(100000) + "1",
                "{{ " + "-".repeat(100000) + "1 }}",
                "{{ " + "not ".repeat(100000) + "1 }}",
                "{{ 1" + " + 1".repeat(100000) + " }}",
                "{{ 1" + " if 1 else 1".repeat(100000) + " }}",
                "{{ x" + ".y".repeat(100000) + " }}",
                "{{ x" + "|string".repeat(100000) + " }}",
                "{{ x" + "[0]".repeat(100000) + " }}",
                "{{ x" + "()".repeat(100000) + " }}",
                "{# ".repeat(300000),
                "{{ '" + "\\".repeat(999999),
                "{% raw %}".repeat(200000),
                "{{ ".repeat(300000),
                "{%".repeat(500000),
                "{{ 1 }}".repeat(200000),
                "x{% set a = 1 %}\n".repeat(100000),
                " ".repeat(3000000) + "{%- if 1 %}",
                (" ".repeat(2000) + "{% if 1 %}").repeat(90),
                "{{ '%" + "9".repeat(100000) + "d' % 1 }}",
                "{{ '{:" + "9".repeat(100000) + "}'.format(1) }}",
                "{{ '{0" + "[0]".repeat(100000) + "}'.format([1]) }}",
                "{{ " + "9".repeat(200000) + " }}",
                "{{ 1e" + "9".repeat(200000) + " }}",
                "{{ '" + "{".repeat(200000) + "'.format(1) }}",
                "{{ strftime_now('" + "%c".repeat(200000) + "')|length }}",
                "{{ strftime_now('%c' * 8000000)|length }}",
                "{{ lipsum(n=1000000) }}",
                "{{ cycler(*range(100000)).next() }}",
                "{% set x %}" + "{{ 'a' * 16000000 }}".repeat(3) + "{% endset %}",
                "{% filter upper %}".repeat(90) + "{{ 'a' * 9000000 }}" + "{% endfilter %}".repeat(90),
                "{% generation %}".repeat(90) + "{{ 'a' * 9000000 }}" + "{% endgeneration %}".repeat(90),
                "{% for i in range(100000) %}{% generation %}x{% endgeneration %}{% endfor %}",
                "{{ range(10 ** 18) }}",
                "{{ range(100000)[::10 ** 18] }}",
                "{{ 'x' * 10 ** 18 }}",
                "{{ 2 ** 2 ** 2 ** 2 ** 2 ** 2 }}",
                "{{ 1.5|round(10 ** 9) }}",
                "{{ 1|filesizeformat ~ (10 ** 2000)|filesizeformat }}",
                "{{ [[1] * 3000] * 3000 }}");
    }

    static Stream<String> templates() {
        return Stream.concat(loops().map(parts -> parts[0] + FOREVER + parts[1] + END), others());
    }

    @BeforeAll
    static void warmUp() {
        HostileRun.warmUp();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void render_hostileTemplate_endsSoon(String template) {
        HostileRun.requireThatItEndsSoon(template, 10);
    }
}
