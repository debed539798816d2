package ai.preceptor.jinja;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations whose work grows with their values, each in an endless loop: every one pays for what it does. */
class HostileOperationsTest {
    private static final String FOREVER = "{% for i in range(100000) %}{% for j in range(100000) %}";
    private static final String END = "{% endfor %}{% endfor %}";

    private static final String LONG = "{% set s = 'a' * 1000000 %}{% set t = 'a' * 999999 ~ 'a' %}";
    private static final String WIDE = "{% set s = '€' * 1000000 %}";
    private static final String DICTS = "{% set d = dict.fromkeys(range(30000)) %}"
            + "{% set e = dict.fromkeys(range(30000)) %}{% set f = dict.fromkeys(range(30000)|map('string')) %}";

    /** Lists inside lists, whose elements double with each level. */
    private static final String NESTED =
            "{% set ns = namespace(x=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}";

    private static String forever(String before, String body) {
        return before + FOREVER + body + END;
    }

    private static Stream<String> texts() {
        return Stream.of(
                forever("", "{% set x = '{:09999999,}'.format(1) %}"),
                forever(LONG + "{% set u = 'a' * 499999 ~ 'b' %}", "{% set x = s.partition(u) %}"),
                forever(LONG + "{% set u = 'b' ~ 'a' * 499999 %}", "{% set x = s.rpartition(u) %}"),
                forever(LONG, "{% set x = s % () %}"),
                forever(LONG, "{% set x = [1, 1]|join(t) %}"),
                forever(LONG, "{% set x = 'a'.strip(s) %}"),
                forever(LONG, "{% set x = s.startswith((t,) * 100) %}"),
                forever(WIDE, "{% set x = '%.1s' % s %}"),
                forever(WIDE, "{% set x = '{:.1}'.format(s) %}"),
                forever(WIDE, "{% set x = 'a'|truncate(1000000, end=s) %}"),
                forever(WIDE, "{% set x = s|urlencode %}"),
                forever(WIDE, "{% set x = s|tojson(ensure_ascii=true) %}"),
                forever(WIDE, "{% set x = '%a' % s %}"),
                forever(WIDE, "{% for c in s %}{% break %}{% endfor %}"),
                forever("{% set s = '\\x01' * 1000000 %}", "{% set x = [s]|string %}"),
                forever("{% set f = '%c' * 500 %}", "{% set x = strftime_now(f) %}"),
                forever("", "{{ 1.2345678901234567e-300 }}"),
                forever("{% set l = [1.2345678901234567e-300] * 100000 %}", "{% set x = l|tojson %}"),
                forever("", "{% set x = 1.2345678901234567e300|round(300) %}"),
                forever("", "{% set x = '%.1000f' % 1.2345678901234567e300 %}"),
                LONG + "{{ ([(t, t)] * 10000)|urlencode }}",
                LONG + "{{ dict.fromkeys(range(10000), t)|urlencode }}",
                "{{ ''.ljust(2 ** 62, '😀') }}" + forever("", ""));
    }

    private static Stream<String> lists() {
        return Stream.of(
                LONG + "{{ ([t] * 10000)|map('upper')|list|length }}",
                LONG + "{{ ([t] * 10000)|map('trim', chars=t)|list|length }}",
                LONG + "{{ ([t] * 10000)|select('lower')|list|length }}",
                LONG + "{{ ([t] * 10000)|sort|length }}",
                LONG + "{{ ([t] * 10000)|unique|list|length }}",
                LONG + "{{ ([s, t] * 10000)|unique(case_sensitive=true)|list|length }}",
                forever(LONG + "{% set c = cycler(*range(50000)) %}", "{% set x = c.items %}"),
                "{% set p = 'a.' * 1000000 %}" + forever("", "{% set x = [{}]|map(attribute=p, default={})|list %}"),
                "{{ ([{}] * 10000)|map(attribute='a" + ".a".repeat(499) + "', default={})|list|length }}");
    }

    private static Stream<String> dicts() {
        return Stream.of(
                forever(DICTS, "{% if d.keys() == e.keys() %}{% endif %}"),
                forever(DICTS, "{% if d.items() == e.items() %}{% endif %}"),
                forever(DICTS, "{% set x = dict(d) %}"),
                forever(DICTS, "{% set x = dict(**f) %}"),
                forever(DICTS, "{% set x = namespace(f) %}"),
                forever(DICTS, "{% set x = d|first %}"),
                forever(DICTS, "{% set x = d.values()|first %}"),
                forever(DICTS, "{% for k in d %}{% break %}{% endfor %}"),
                forever(DICTS, "{% for k in d.items() %}{% break %}{% endfor %}"),
                forever(DICTS, "{% for k in d|items %}{{ loop.length }}{% break %}{% endfor %}"),
                forever(LONG + "{% set d = {s: 1} %}", "{% set x = d[t] %}"),
                forever(LONG + "{% set d = {s: 1} %}", "{% set x = d.get(t) %}"),
                forever(LONG + "{% set d = {s: 1} %}", "{% set x = t in d %}"),
                forever(LONG + "{% set d = {s: 1} %}{% set e = {t: 1} %}", "{% set x = d == e %}"),
                forever(LONG + "{% set d = {(s, s, s): 1} %}", "{% set x = d[(t, t, t)] %}"),
                forever(LONG + "{% set n = namespace(**{s: 1}) %}", "{% set x = n|attr(t) %}"),
                forever("", "{% set x = {" + "1: 1, ".repeat(10_000) + "} %}"),
                // keys with one hash code, which a table of hash codes does not tell apart
                "{% set ns = namespace(t='#,') %}{% for i in range(15) %}"
                        + "{% set ns.t = ns.t.replace('#', 'Aa#') ~ ns.t.replace('#', 'BB#') %}{% endfor %}"
                        + "{% set d = dict.fromkeys(ns.t.split(',')) %}{{ dict.fromkeys(d.items())|length }}",
                NESTED + "{{ {ns.x.index: 1} }}");
    }

    /** Work that grows with the template itself. */
    private static Stream<String> sources() {
        String names = IntStream.range(0, 10_000).mapToObj(i -> "n" + i).collect(Collectors.joining(", "));
        return Stream.of(
                forever("", ("{% set x = 1" + " + 1".repeat(1000) + " %}").repeat(100)),
                forever("", ("{% set x = 1" + " < 2".repeat(1000) + " %}").repeat(100)),
                forever("", ("{% set x = i" + " and i".repeat(1000) + " %}").repeat(100)),
                forever("", ("{% set x = ''" + " ~ ''".repeat(1000) + " %}").repeat(100)),
                forever("", ("{% set x = messages" + "[0]['a']".repeat(1) + " %}").repeat(20_000)),
                forever("", "{% set x = 1 %}".repeat(50_000)),
                forever("", "{% if 0 %}" + "{% elif 0 %}".repeat(50_000) + "{% endif %}"),
                forever("", "{% set x = dict(" + "a=1, ".repeat(1) + ") %}" + "{% set y = i is odd %}".repeat(20_000)),
                forever(
                        "{% macro m() %}{{ varargs|length }}{% endmacro %}",
                        "{% set x = m(" + "1, ".repeat(50_000) + "1) %}"),
                forever("", "{% if 0 %}{{ [" + names + "] }}{% endif %}"));
    }

    static Stream<String> templates() {
        return Stream.of(texts(), lists(), dicts(), sources()).flatMap(some -> some);
    }

    @BeforeAll
    static void warmUp() {
        HostileRun.warmUp();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void render_costlyOperation_endsSoon(String template) {
        HostileRun.requireThatItEndsSoon(template, 30);
    }
}
