package ai.preceptor.jinja.value;

/** Values as text: Python's {@code str()} and {@code repr()}. */
public final class Repr {
    private static final int BRIEF = 60;

    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private Repr(Budget budget) {
        this.budget = budget;
    }

    /** {@code str(value)}: what {@code {{ }}} writes. */
    public static String str(Object value, Budget budget) {
        return value instanceof String s ? s : value instanceof Undefined ? "" : of(value, budget);
    }

    /** {@code repr(value)}. */
    public static String of(Object value, Budget budget) {
        Repr repr = new Repr(budget);
        repr.write(value, 0);
        budget.text(repr.out.length());
        return repr.out.toString();
    }

    /** A text in quotes. */
    public static String of(String text) {
        StringBuilder quoted = new StringBuilder();
        quote(text, quoted);
        return quoted.toString();
    }

    /** For messages: the value if it is short and plain, else its type. */
    public static String brief(Object value) {
        if (value instanceof String s) {
            return of(s.length() > BRIEF ? s.substring(0, BRIEF) + "..." : s);
        }
        boolean plain = value instanceof None || Types.isNumber(value);
        return plain ? scalar(value) : "of type " + Types.name(value);
    }

    private void write(Object value, int depth) {
        budget.depth(depth);
        budget.step();
        budget.output(out.length(), 0);
        if (value instanceof String s) {
            quote(s, out);
        } else if (value instanceof PyTuple tuple) {
            items("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", depth);
        } else if (value instanceof Group group) {
            items("(", group.items(), ")", depth);
        } else if (value instanceof PyList list) {
            items("[", list.items(), "]", depth);
        } else if (value instanceof PyDict dict) {
            dict(dict, depth);
        } else if (value instanceof DictView view) {
            items(Types.name(view) + "([", view, "])", depth);
        } else if (value instanceof Namespace namespace) {
            out.append("<Namespace ");
            write(namespace.asDict(budget), depth + 1);
            out.append('>');
        } else {
            budget.digits(value);
            out.append(scalar(value));
        }
    }

    private static String scalar(Object value) {
        if (value instanceof None) {
            return "None";
        }
        if (value instanceof Boolean b) {
            return b ? "True" : "False";
        }
        if (value instanceof Double d) {
            return FloatText.of(d);
        }
        if (Types.isWhole(value)) {
            return value.toString();
        }
        if (value instanceof PyRange range) {
            String step = range.step() == 1 ? "" : ", " + range.step();
            return "range(" + range.start() + ", " + range.stop() + step + ")";
        }
        if (value instanceof PyObject object) {
            return object.repr();
        }
        return value instanceof Undefined ? "Undefined" : "<" + Types.name(value) + ">";
    }

    private void items(String open, Iterable<Object> items, String close, int depth) {
        out.append(open);
        String separator = "";
        for (Object item : items) {
            out.append(separator);
            write(item, depth + 1);
            separator = ", ";
        }
        out.append(close);
    }

    private void dict(PyDict dict, int depth) {
        out.append('{');
        String separator = "";
        for (PyDict.Entry e : dict.entries()) {
            out.append(separator);
            write(e.key(), depth + 1);
            out.append(": ");
            write(e.value(), depth + 1);
            separator = ", ";
        }
        out.append('}');
    }

    private static void quote(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c == quote || c == '\\') {
                        out.append('\\').append((char) c);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        escape(c, out);
                    }
                }
            }
        });
        out.append(quote);
    }

    public static void escape(int c, StringBuilder out) {
        out.append(c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
        hexadecimal(c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8, out);
    }

    /** The last digits of a number in base 16, lower case. {@code String.format} takes a hundred times as long. */
    public static void hexadecimal(int number, int digits, StringBuilder out) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.append(Character.forDigit((number >> shift) & 0xf, 16));
        }
    }

    public static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
