"""Writes cases.jsonl: templates of our own with what transformers renders from them.

Run with transformers 5.23.0 and jinja2 3.1.6 on Python 3.11:

    python make_cases.py > cases.jsonl

The first line names the versions and holds the usual variables. Every other line is a case: name, template, messages,
add_generation_prompt, variables if they are not the usual ones, and then either text and spans (code points), or error
and, for syntax errors, its line.
"""

import datetime
import json
import platform

import jinja2
import transformers
import transformers.utils.chat_template_utils as chat_templates


class FixedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 3, 5, 14, 7, 9)


chat_templates.datetime = FixedDatetime

VALUES = {
    "s": "Hello wörld, 😀 it's",
    "empty": "",
    "n": 5,
    "f": 2.5,
    "l": [3, 1, 2],
    "words": ["b", "A", "c", "a"],
    "d": {"b": 1, "a": {"x": [1, 2]}, "items": "own"},
    "users": [{"name": "Bob", "age": 30}, {"name": "al", "age": 25}, {"name": "Cy", "age": 30}],
    "blank": "  a\tb \n c  ",
    "none_value": None,
    "lines": "one\n\ntwo\r\nthree\n",
}

EXPRESSIONS = {
    "text": """
        'a' 'b' "c" | '\\n\\x41\\u00e9\\101\\q' | 'it\\'s' ~ "q\\"" | none ~ 1 ~ 2.0 ~ true ~ [] ~ undef
        s[0] ~ s[-1] ~ s[13] | s[13:15] | s[::-1] | s[::3] | s[5:1:-2] | s|length | s|list|last | s.upper() | s|title
        s.title() | s|capitalize | 'ß'.upper() ~ 'ŉx'.capitalize() | s.swapcase() | s.find('w') ~ s.find('😀') ~ s.rfind('zz')
        s.index('zz') | s.count('l') ~ s.count('') | s.split() | s.split(',') | blank.split(none, 1) | blank.rsplit(none, 1)
        s.rsplit('l', 1) | lines.splitlines() | lines.splitlines(true) | s.partition(', ') | s.rpartition('l') | s.partition('')
        blank|trim | blank.strip() ~ '|' | 'xxaxx'.lstrip('x') ~ 'xxaxx'.rstrip('x') | s|trim("H's") | s.startswith('He') ~ s.endswith(('x', "'s"))
        s.startswith('e', 1) ~ s.startswith('x', 99) | s.replace('l', 'L', 1) | 'abc'|replace('', '-') | ''.replace('', 'x') | '-'.join(words)
        '-'.join([1]) | words|join('-') | users|join(', ', attribute='name') | 'a'.center(4) ~ 'ab'.center(5, '*') ~ 'a'|center(6)
        'x'.ljust(3, '.') ~ 'x'.rjust(3) ~ '-4'.zfill(5) | 'a\\tb'.expandtabs(4) | 'PreFix'.removeprefix('Pre').removesuffix('x')
        '12'.isdigit() ~ 'a1'.isalnum() ~ ''.isalpha() ~ 'A b'.isupper() ~ 'Ab Cd'.istitle() ~ '_x'.isidentifier() ~ ' '.isspace()
        lines|indent | lines|indent(2, true, true) | 'a\\nb'|indent('> ') | s|truncate(8) | s|truncate(9, true, '~', 0) | s|wordcount
        '<a>&"\\''|e | 'a b&é/'|urlencode | {'a b': 1, 'c': 'é'}|urlencode | '<p>x <b>y</b></p>'|striptags | 'x' * 3 ~ 2 * 'y' | 'x' * -1
        s.__class__ | s.nothing | s.nothing.more | 'abc' < 'abd' | 'a' in 'cat' | 1 in 'cat' | 'Z' < 'a' | '\\uffff' < '😀'
    """,
    "numbers": """
        1 + 2 * 3 ** 2 | 2 ** 3 ** 2 | -2 ** 2 | 7 // 2 ~ ' ' ~ -7 // 2 ~ ' ' ~ 7 % -3 | 7.5 // -2 ~ ' ' ~ 7.5 % -2 | 6 / 3 | 1 / 0 | 2 ** -1 | 10 ** 25
        9223372036854775807 + 1 | -9223372036854775808 - 1 | 1_000 + 0x1f + 0o17 + 0b11 | 1e16 | 1e15 | 0.1 + 0.2 | 1e-5 | 0.0001 | 2.0 | -0.0 | 5e-324 | 1e22 | 123456789.123
        2e-3 * 1 | 1.0e23 | 9007199254740993.0 | 1e3|int | '42'|int + 1 | '0x1f'|int(0, 16) | 'x'|int(7) | '3.9'|int | ' 12 '|int | none|int | 'nan'|int | '1.5'|float | 'x'|float(0.5)
        2.5|round | 3.5|round | 2.675|round(2) | 25|round(-1) | 2.1|round(0, 'ceil') | -2.1|round(1, 'floor') | 5|round | -3|abs | true + true | true == 1 | 1 == 1.0 | none == 0
        1 < 2 < 3 | 3 > 2 > 2 | 1 < 2.5 | 1 < 'a' | n is odd ~ n is even ~ n is divisibleby 5 | 1048576|filesizeformat(true) | [1, 2.5]|sum | 1 + none | 1 + undef | -undef | +true
        '%d|%5.2f|%-4s|%04d|%x|%e|%g|%r|%%'|format(3, 2.5, 'a', 42, 255, 12345.678, 0.0001, 'q') | '%(k)s' % {'k': 1} | '%s' % (1, 2) | '%s %s' % 1 | '%d' % 'a'
        '{} {1}'.format(1, 2) | '{:>6}|{:<4}|{:^5}|{:06.2f}|{:,}|{:.3}|{:x}'.format('a', 1, 'b', 3.14159, 1234567, 'abcdef', 255) | '{a[k]}{b.x}{{}}'.format(a={'k': 1}, b={'x': 2}) | '{0!r:>5}'.format('a')
    """,
    "collections": """
        [1, 'a', none, true, 2.0, (1,), (), {'k': [1]}] | {'a': 1, 'b': {'c': "it's"}} | (1, 2) ~ '' | [1] + [2] | (1,) + (2,) | [1] + (2,) | [0] * 3 | [[1, 2], [3]]
        l[0] ~ l[-1] ~ l[9] | l[1:] | l[::-1] | l[5:] | l|first ~ l|last | []|first | []|last is defined | l|sort | l|sort(reverse=true) | words|sort | words|sort(case_sensitive=true) | users|sort(attribute='age,name')|map(attribute='name')|list
        l|reverse|list | 'abc'|reverse | l|max ~ l|min | []|max | users|max(attribute='age') | words|unique|list | [1, 1.0, true, 2]|unique|list | users|groupby('age')|list | users|groupby('age')|map(attribute='grouper')|list
        l|batch(2)|list | l|batch(2, 'x')|list | l|slice(2)|list | range(7)|slice(3, 'x')|list | l|select('odd')|list | l|reject('odd')|list | users|selectattr('age', 'gt', 26)|map(attribute='name')|join | users|rejectattr('age', 'equalto', 30)|list
        users|map(attribute='zip', default='?')|list | words|map('upper')|join('+') | ['1', 'x']|map('int', 9)|list | l|sum(start=10) | users|sum(attribute='age') | l|map('nofilter')|list | []|map('nofilter')|list
        range(5)|list | range(1, 10, 3) | range(5, 0, -2)|list | range(3)[-1] | range(10)[2:4] | range(0) is sequence | range(200000)|list | 2 in range(3)
        d.b ~ d['b'] ~ d.zz | d.items()|list | d['items'] | d.keys() | d.values()|list|length | d.get('b') ~ d.get('zz') ~ d.get('zz', 'dflt') | d|items|list | d|dictsort | d|length | 'a' in d | d.a.x[1] | d.a['x'].0
        {1: 'a', 1.0: 'b', true: 'c'} | {'a': 1} == {'a': 1.0} | [1, [2]] == [1, [2.0]] | [1] == (1,) | {[]: 1} | d.pop('b') | l.append(4) | d.update({}) | dict(a=1, b=2) | dict([('x', 1)]) | dict(d, z=1)|length | d.copy() == d | l.index(2) ~ l.count(9)
        l|length ~ d|count | 5|length | none|list | l|string|length | (l|map('string'))|length | l|join|int + 1 | users[0]|items|list | users|attr('x') | d|attr('keys') is callable
    """,
    "tests": """
        undef is defined ~ s is defined ~ none is defined | undef is none ~ none is none | s is string ~ n is string | n is number ~ true is number ~ 'x' is number | n is integer ~ true is integer ~ 2.0 is integer | 2.0 is float | true is boolean ~ 1 is boolean
        true is true ~ 1 is true ~ false is false | d is mapping ~ l is mapping | l is sequence ~ s is sequence ~ d is sequence ~ n is sequence | l is iterable ~ n is iterable | range is callable ~ n is callable | 'abc' is lower ~ 'ABC' is upper
        n is eq 5 ~ n is ne 5 ~ n is gt 4 ~ n is lt 4 ~ n is ge 5 ~ n is le 4 | 'a' is in ['a'] ~ n is in(l) | none is sameas none | not undef is defined | not s is string | s is not string | 1 if undef is defined else 2 | n is nosuchtest
        'upper' is filter ~ 'nope' is filter ~ 'odd' is test | undef is undefined and true | s is string and n is number or false | undef is iterable ~ undef is sequence | l is eq([3, 1, 2]) | n is divisibleby(0)
    """,
    "undefined": """
        undef | undef ~ 'x' | undef|default('d') | none|default('d') | none|default('d', true) | ''|default('d', true) | undef|length | undef|list | undef|upper | undef|join | undef|items|list | undef + 1 | undef.x | undef['x'] | undef() | d.zz.y
        undef == undef2 | undef == none | undef in l | 'x' in undef | undef|tojson | undef|int | undef < 1 | undef[0:1] | (1 if false) | (1 if false) is defined | [undef] | undef|first | undef|reverse|list | undef|trim | undef and 1 | undef or 1 | not undef
    """,
    "logic": """
        1 and 2 | 0 and 2 | 0 or '' or 'x' | not 1 | not not 1 | 1 if 2 else 3 | 1 if 0 else 2 if 0 else 3 | 'a' if [] | 1 == 1 and 2 == 2 | 1 in [1] and 2 not in [1] | not 1 in [2] | 1 + (2 if 0 else 3) | true and none or 'x' | 1 < 2 == true
        (1, 2) == (1, 2) | [] or {} or () or 'e' | 1 if not none else 2 | 2 * 3 if 1 > 0 else 4 | n > 3 and n < 6 | 'x' if s is string and n is not string else 'y' | {} and 1/0 | 1 or 1/0 | 5 not in l | l|length > 2 and l[0] == 3
    """,
    "json": """
        d|tojson | d|tojson(indent=2) | s|tojson | s|tojson(ensure_ascii=true) | d|tojson(separators=(',', ':')) | d|tojson(sort_keys=true) | [1.0, 1e16, none, true, 'a/"\\\\b']|tojson | []|tojson(indent=4) ~ {}|tojson(indent=4) | [[], {}]|tojson(indent=1)
        (1, (2,))|tojson | {1: 2, none: 3, true: 4, 2.5: 5}|tojson | range(2)|tojson | d.keys()|tojson | '\\x01\\x7f\\u2028<>&'|tojson | [1, [2, {'a': 3}]]|tojson(indent='\\t') | d|tojson(indent=none) | {(1, 2): 3}|tojson | d|tojson(true, 1) | 10 ** 20|tojson
    """,
    "syntax": """
        | 1 + | (1 | [1, 2 | {'a' 1} | s. | s[ | 1 2 | 'abc | s|| | s|nofilter | 1 if 2 else | not | a is | f(a b) | f(a=1, 2) | f(**d, 1) | s|upper( | {% | ;1 | 1 = 1 | n is odd is even | @ | s!r | 1 &lt 2 | `x` | f(*l, *l)
    """,
}

WHITESPACE = [
    "a\n{% if 1 %}\nb\n{% endif %}\nc\n",
    "a\n  {% if 1 %}  \n  b\n  {% endif %}\nc\n\n",
    "a  {%- if 1 -%}  b  {%- endif -%}  c",
    "  {%+ if 1 +%}\n b {%+ endif %}\n c",
    "a {{- 1 -}} b {{+ 2 }} c {{ 3 -}}\n\n d",
    "a\n  {# note #}  \nb {#- x -#} c\n  {#+ keep +#}\nd",
    "{# {% if %} {{ #}x{#-#}y{#+#}z",
    "a\r\nb\rc\n{{ 'd\r\ne' }}",
    "x {% raw %}{{ not }} {% this %}{# #}{% endraw %} y",
    "x {%- raw -%}  {{ a }}  {%- endraw -%} y",
    "x\n  {% raw %}\n  a\n  {% endraw %}\n  y",
    "{{ {'a': {'b': 1}} }}{{ '}}' }}{{ \"%}\" }}",
    "{%\n  if\n  1\n%}a{%\nendif\n%}\n",
    "\n\n{% set x = 1 %}\n\n{{ x }}\n\n",
    "{% for i in [1, 2] %}\n  {{ i }}\n{% endfor %}\n",
    "{% for i in [1, 2] -%}\n  {{ i }}\n{%- endfor %}\n",
    "\t {% if 1 %}\t\n\u00a0{% endif %}\u2003{% if 1 -%}\u3000\x1f x{% endif %}",
    "{ { } } {% if 1 %}{%%}{% endif %}",
    "{{ 1 }}{% if 1 %}{% endif %}{{ 2 }}\n",
    "a{#\nb\n#}\n{{ c",
    "{# open",
    "{% raw %}open",
    "a\n{% if 1 %",
    "{{ (1 }}",
    "a\nb {{ 1 + }}",
    "x\n{% endif %}",
    "{% if 1 %}\n{% else %}\n",
    "{% frob %}",
    "{% if 1 %}{% endfor %}",
]

STATEMENTS = [
    "{% if n > 9 %}a{% elif n == 5 %}b{% else %}c{% endif %}{% if undef %}x{% else %}y{% endif %}",
    "{% for i in l %}{{ loop.index }}/{{ loop.length }}:{{ i }}{{ ',' if not loop.last }}{% else %}none{% endfor %}",
    "{% for i in [] %}x{% else %}empty{% endfor %}{% for i in undef %}x{% else %}undef{% endfor %}",
    "{% for i in range(9) if i is odd %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }};{% endfor %}",
    "{% for a, b in d|dictsort %}{{ a }}={{ b }};{% endfor %}{% for k, v in d.items() %}{{ k }}{% endfor %}{% for k in d %}{{ k }}{% endfor %}",
    "{% for a, b in [[1, 2], [3]] %}{{ a }}{% endfor %}",
    "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for i in 5 %}{% endfor %}",
    "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in [1] %}{% continue %}{% else %}no round was completed{% endfor %}",
    "{% break %}",
    "{% for i in l %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }} {{ loop.cycle('x', 'y') }}{{ loop.changed(i > 1) }};{% endfor %}",
    "{% for i in [[1, [2]], [3]] recursive %}{% if i is iterable %}({{ loop(i) }}){% else %}{{ i }}@{{ loop.depth }}{% endif %}{% endfor %}",
    "{% for i in l %}{{ loop(l) }}{% endfor %}",
    "{% for c in 'é😀' %}[{{ c }}]{% endfor %}",
    "{% set x = 1 %}{% for i in l %}{{ x }}{% set x = i %}{{ x }};{% endfor %}{{ x }}",
    "{% set ns = namespace(x=1) %}{% for i in l %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}{{ ns.y }}{{ ns }}",
    "{% set d.x = 1 %}",
    "{% set ns = namespace() %}{% set ns._x = 1 %}",
    "{% if true %}{% set x = 1 %}{% endif %}{{ x }}{% if false %}{% set n = 1 %}{% endif %}{{ n }}",
    "{% for i in [1] %}{{ n }}{% endfor %}{% set n = 7 %}{{ n }}",
    "{% for i in [1, 2] %}{% for j in [1] %}{{ x }}{% endfor %}{% set x = i %}{% endfor %}{{ x }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c = 1, %}{{ c }}{% set a, b = l %}",
    "{% set t %}a{{ n }}{% set inner = 1 %}{% endset %}[{{ t }}]{{ inner }}{% set u | upper | trim %} x {% endset %}[{{ u }}]",
    "{% macro m(a, b=2, c=a) %}<{{ a }}{{ b }}{{ c }}>{% endmacro %}{{ m() }}{{ m(1) }}{{ m(1, c=3) }}{{ m(*[7, 8]) }}{{ m(**{'a': 9}) }}",
    "{% macro m(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}{{ m.name }}{{ m.arguments }}{{ m }}",
    "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{% endmacro %}{{ m(b=1) }}",
    "{% macro m(a=1, b) %}{% endmacro %}",
    "{% macro m(i) %}{% if i %}{{ i }}{{ m(i - 1) }}{% endif %}{% endmacro %}{{ m(3) }}",
    "{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% set x = 4 %}{{ m() }}{% for x in l %}{{ m() }}{% endfor %}",
    "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}in{{ n }}{% endcall %}",
    "{% macro m(l) %}{% for i in l %}{{ caller(i, i + 1) }}{% endfor %}{% endmacro %}{% call(a, b=0) m(l) %}{{ a }}-{{ b }};{% endcall %}",
    "{% macro m() %}{% endmacro %}{% call m() %}{% endcall %}",
    "{% call 1 %}{% endcall %}",
    "{% with a = 1, b = n %}{{ a }}{{ b }}{% set n = 2 %}{{ n }}{% endwith %}{{ a }}{{ n }}",
    "{% filter upper %}a{{ s }}{% filter replace('A', 'b') %}A{% endfilter %}{% endfilter %}",
    "{% print 1, 'a' %}",
    "{% if false %}{{ 1|nofilter }}{% endif %}ok",
    "{% for i in [] %}{{ 1|nofilter }}{% endfor %}ok",
    "{{ 1|nofilter if false else 2 }}",
    "a{% generation %}b{{ n }}{% endgeneration %}c{% generation %}😀{% endgeneration %}d",
    "{% for i in l %}{{ i }}{% generation %}{% set x = i %}<{{ x }}>{% endgeneration %}{{ x }}{% endfor %}",
    "{{ raise_exception('no ' ~ s) }}",
    "{{ strftime_now('%Y-%m-%d %H:%M:%S %d %b %Y %A %j %p %y %%') }}",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{% set j = joiner('|') %}{% for i in l %}{{ j() }}{{ i }}{% endfor %}",
    "{% set messages = [1, 2] %}{{ messages|length }}",
    "{{ tools is none }}{{ documents is none }}{{ add_generation_prompt }}{{ true.x }}{% set true = 1 %}",
    "{% extends 'x' %}",
    "{% if 1: %}a{% endif %}",
]

# What random templates brought to light.
FUZZED = [
    "{{ -2 ** n }}|{{ -2 ** 2 }}|{{ (-2) ** n }}|{{ -n ** 2 }}",
    "{# never closed, but nothing follows #}x{#",
    "{# never closed #}x{# y",
    "{% for x in l %}{% set loop = 1 %}{% endfor %}",
    "{% for x in l %}\n{% macro m() %}{% set loop = 1 %}{% endmacro %}{% endfor %}",
    "{% for x in l %}{% with loop = 1 %}{{ loop }}{% endwith %}{% endfor %}",
    "{% set loop = 1 %}{{ loop }}",
    "{{ (users|groupby('age')|first) in d }}",
    "{{ strftime_now('%U %W %V %G %g %C') }}",
    "{{ 1_000 ~ 0x_ff ~ 1_0.5_0 ~ 1e1_0 }}",
    "{{ 'xxabxx'.strip('bxa') ~ 'é😀é'.strip('é') }}",
    "{{ 'a\nb'.splitlines() ~ '{}-{x}'.format(1, x=2) ~ '%s|%5d' % ('é', 3) }}",
]

CHATS = {
    "chatml": """{%- if messages[0].role != 'system' -%}
<|im_start|>system
Be brief.<|im_end|>
{% endif -%}
{%- for m in messages -%}
<|im_start|>{{ m.role }}
{% if m.role == 'assistant' %}{% generation %}{{ m.content|trim }}<|im_end|>
{% endgeneration %}{% else %}{{ m.content|trim }}<|im_end|>
{% endif %}
{%- endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% endif -%}
""",
    "one_line": "{{ bos_token }}{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('roles must alternate') }}{% endif %}{% if m['role'] == 'user' %}"
    "{{ '[INST] ' + m['content'] + ' [/INST]' }}{% elif m['role'] == 'assistant' %}{{ m['content'] + eos_token }}"
    "{% else %}{{ raise_exception('unknown role ' + m['role']) }}{% endif %}{% endfor %}",
    "tools": """{%- macro arguments(call) -%}
    {%- set f = call.function if call.function is defined else call -%}
    {"name": "{{ f.name }}", "arguments": {{ f.arguments if f.arguments is string else f.arguments|tojson }}}
{%- endmacro -%}
{{- bos_token }}
{%- if tools %}
    {{- '# Tools\\n' }}
    {%- for tool in tools %}
        {{- tool|tojson(indent=2) ~ '\\n' }}
    {%- endfor %}
{%- endif %}
{%- set ns = namespace(last_user=-1, wait=false) %}
{%- for m in messages[::-1] %}
    {%- set i = (messages|length - 1) - loop.index0 %}
    {%- if m.role == 'user' and ns.last_user < 0 and not (m.content is string and m.content.startswith('<r>')) %}
        {%- set ns.last_user = i %}
    {%- endif %}
{%- endfor %}
{%- for m in messages %}
    {%- if m.content is string %}
        {%- set text = m.content %}
    {%- else %}
        {%- set text = m.content|selectattr('type', 'equalto', 'text')|map(attribute='text')|join(' ') %}
    {%- endif %}
    {{- '<' ~ m.role ~ '>' }}
    {%- if m.reasoning_content is string and loop.index0 > ns.last_user %}
        {{- '<think>' + m.reasoning_content.strip('\\n') + '</think>' }}
    {%- endif %}
    {{- text }}
    {%- if m.tool_calls %}
        {%- for call in m.tool_calls %}
            {{- '\\n' if loop.first }}{{ arguments(call) }}
        {%- endfor %}
    {%- endif %}
    {{- '</' ~ m.role ~ '>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<assistant>' }}
    {%- if enable_thinking is defined and enable_thinking is false %}{{ '<think></think>' }}{% endif %}
{%- endif %}
""",
}

TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Says \"how\" it is – <b>",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
CONVERSATIONS = {
    "plain": (
        [
            {"role": "user", "content": "Hi {{ 7 * 7 }} {% if x %} 😀"},
            {"role": "assistant", "content": " Hello! "},
            {"role": "user", "content": "And?"},
        ],
        {},
    ),
    "system": ([{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}], {"enable_thinking": False}),
    "tools": (
        [
            {"role": "user", "content": "Weather?"},
            {
                "role": "assistant",
                "content": "",
                "reasoning": "\nlook it up\n",
                "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Zürich", "days": 2.0}}}],
            },
            {"role": "tool", "content": "21"},
            {"role": "assistant", "content": "Warm.", "thinking": "easy"},
        ],
        {"tools": [TOOL]},
    ),
    "parts": ([{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image"}]}], {}),
    "empty": ([], {}),
}


def outcome(case):
    variables = dict(case["variables"])
    tools = variables.pop("tools", None)
    try:
        texts, spans = chat_templates.render_jinja_template(
            [case["messages"]],
            tools=tools,
            chat_template=case["template"],
            return_assistant_tokens_mask=True,
            add_generation_prompt=case["add_generation_prompt"],
            **variables,
        )
        return {"text": texts[0], "spans": spans[0]}
    except jinja2.TemplateSyntaxError as e:
        return {"error": str(e), "line": e.lineno}
    except Exception as e:
        return {"error": f"{type(e).__name__}: {e}"}


def case(name, template, messages=(), variables=None, prompt=False):
    made = {"name": name, "template": template, "messages": list(messages), "add_generation_prompt": prompt}
    if variables is not None:
        made["variables"] = variables
    print(json.dumps({**made, **outcome({"variables": VALUES, **made})}, ensure_ascii=False))


def main():
    transformers.logging.set_verbosity_error()
    versions = {
        "transformers": transformers.__version__,
        "jinja2": jinja2.__version__,
        "python": platform.python_version(),
    }
    print(json.dumps({**versions, "variables": VALUES}, ensure_ascii=False))
    for group, block in EXPRESSIONS.items():
        expressions = [e.strip() for line in block.strip().split("\n") for e in line.strip().split(" | ")]
        for expression in expressions:
            case(f"{group}: {expression}", "{{ " + expression + " }}")
    for template in WHITESPACE:
        case(f"white space: {template!r}", template)
    for template in STATEMENTS:
        case(f"statement: {template}", template)
    for template in FUZZED:
        case(f"fuzzed: {template}", template)
    tokens = {"bos_token": "<s>", "eos_token": "</s>"}
    for name, template in CHATS.items():
        for conversation, (messages, variables) in CONVERSATIONS.items():
            for prompt in (False, True):
                case(f"chat: {name}, {conversation}, {prompt}", template, messages, {**tokens, **variables}, prompt)


if __name__ == "__main__":
    main()
