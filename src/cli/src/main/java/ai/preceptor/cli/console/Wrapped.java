package ai.preceptor.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Text of a model as lines for a terminal: control characters are shown and not obeyed, because what a model says is
 * nobody's command to the terminal.
 *
 * @param text any text
 * @param width most characters of a line, at least 1
 * @param most lines to give; what is left out is counted
 */
public record Wrapped(String text, int width, int most) {
    /** Its lines. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.strip().split("\\R", -1)) {
            wrap(visible(paragraph), lines);
        }
        if (lines.size() <= most) {
            return lines;
        }
        List<String> cut = new ArrayList<>(lines.subList(0, most));
        cut.add("(" + (lines.size() - most) + " more lines)");
        return cut;
    }

    private void wrap(String paragraph, List<String> lines) {
        String rest = paragraph;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > 0 ? space : width;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
        }
        lines.add(rest);
    }

    private static String visible(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(code -> {
            if (code == '\t') {
                shown.append(' ');
            } else if (Character.isISOControl(code)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", code));
            } else {
                shown.appendCodePoint(code);
            }
        });
        return shown.toString();
    }
}
