package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Budget;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.Repr;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one value is written into a format: Python's format specification, which printf's flags translate to.
 *
 * @param fill what pads, one character
 * @param align {@code <}, {@code >}, {@code ^}, {@code =}, or empty for the type's own
 * @param sign {@code +}, {@code -}, a space, or empty
 * @param alternate whether {@code #} is set
 * @param width least number of characters
 * @param grouping {@code ,} or {@code _} between thousands, or empty
 * @param precision digits or characters, -1 if not given
 * @param type the letter at the end, or a blank if there is none
 */
record FormatSpec(
        String fill,
        String align,
        String sign,
        boolean alternate,
        int width,
        String grouping,
        int precision,
        char type) {
    private static final Pattern SYNTAX = Pattern.compile(
            "(?:(.)?([<>=^]))??([-+ ])?(#)?(0)?(\\d{1,7})?([,_])?(?:\\.(\\d{1,7}))?([a-zA-Z%])?", Pattern.DOTALL);

    /** @throws EvaluationError if the text is not a specification */
    static FormatSpec parse(String text) {
        Matcher m = SYNTAX.matcher(text);
        if (!m.matches()) {
            throw new EvaluationError("a format specification that Python does not know: " + Repr.brief(text));
        }
        boolean zero = m.group(5) != null;
        String align = m.group(2) != null ? m.group(2) : zero ? "=" : "";
        String fill = m.group(1) != null ? m.group(1) : zero && m.group(2) == null ? "0" : zero ? "0" : " ";
        return new FormatSpec(
                fill,
                align,
                m.group(3) == null ? "" : m.group(3),
                m.group(4) != null,
                m.group(6) == null ? 0 : Integer.parseInt(m.group(6)),
                m.group(7) == null ? "" : m.group(7),
                m.group(8) == null ? -1 : Integer.parseInt(m.group(8)),
                m.group(9) == null ? ' ' : m.group(9).charAt(0));
    }

    /** A text of at most {@code precision} characters, if that is given. */
    String cut(String text, Budget budget) {
        budget.text(text.length());
        return precision >= 0 && precision < PyText.length(text) ? PyText.slice(text, 0, precision) : text;
    }

    /**
     * Pads a text to the width.
     *
     * @param signed how many leading chars are sign or prefix, which stay in front of the padding of {@code =}
     * @param ownAlign the alignment where none is asked for
     */
    String pad(String text, int signed, String ownAlign, Budget budget) {
        int room = width - PyText.length(text);
        if (room <= 0) {
            return text;
        }
        int before = switch (align.isEmpty() ? ownAlign : align) {
            case "<" -> 0;
            case "^" -> room / 2;
            default -> room;
        };
        if (align.equals("=")) {
            return text.substring(0, signed) + PyText.pad(fill, room, budget) + text.substring(signed);
        }
        return PyText.pad(fill, before, budget) + text + PyText.pad(fill, room - before, budget);
    }
}
