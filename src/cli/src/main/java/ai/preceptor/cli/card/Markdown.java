package ai.preceptor.cli.card;

import java.util.List;
import java.util.regex.Pattern;

/** Text in Markdown in which only the program's own words are markup. */
final class Markdown {
    private static final int LONGEST = 200;
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");
    /** What is markup within a line; escaped text never begins one. */
    private static final Pattern SPECIAL = Pattern.compile("([\\\\`*_{}\\[\\]()#.!|~$:@^])");
    /** An underscore within a word is no markup either. */
    private static final Pattern COMMON =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9 .,/=-]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))*");

    private final StringBuilder text = new StringBuilder();

    /** What somebody else wrote, as it looks: on one line, without markup. */
    static String escaped(String foreign) {
        String line = INVISIBLE.matcher(foreign).replaceAll(" ").strip();
        String cut = line.length() > LONGEST
                ? line.substring(
                                0, line.offsetByCodePoints(0, Math.min(LONGEST, line.codePointCount(0, line.length()))))
                        + "..."
                : line;
        if (COMMON.matcher(cut).matches() && !cut.contains("www.")) {
            return cut; // nothing here is markup, and a file's name stays readable in the source
        }
        String html = cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        // the entities' own "&" and ";" are no markup
        return SPECIAL.matcher(html).replaceAll("\\\\$1");
    }

    /** What somebody else wrote, as a name in metadata that pages show. */
    static String plain(String foreign) {
        String line = escaped(foreign).equals(foreign) ? foreign : foreign.replaceAll("[^\\p{L}\\p{N} ._/@-]+", "_");
        return line.length() > LONGEST ? line.substring(0, LONGEST) : line;
    }

    Markdown heading(int level, String words) {
        text.append("#".repeat(level)).append(' ').append(words).append("\n\n");
        return this;
    }

    Markdown paragraph(String words) {
        text.append(words).append("\n\n");
        return this;
    }

    /** Cells are escaped already. */
    Markdown table(List<String> head, List<List<String>> rows) {
        row(head);
        row(head.stream().map(cell -> "---").toList());
        rows.forEach(this::row);
        text.append('\n');
        return this;
    }

    private void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    Markdown code(String language, String lines) {
        text.append("```").append(language).append('\n').append(lines).append("```\n\n");
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
