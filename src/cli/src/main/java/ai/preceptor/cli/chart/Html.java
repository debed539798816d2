package ai.preceptor.cli.chart;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Writes HTML and SVG so that no text can become markup: there is no way to add a text but through escaping. */
public final class Html {
    /** How a cell of figures begins. */
    private static final Pattern NUMBER = Pattern.compile("[-+±]?[0-9]");
    /** Two words: what begins with a count may still be a sentence. */
    private static final Pattern SENTENCE = Pattern.compile("[A-Za-z]{4,}.*\\b[A-Za-z]{4,}");

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Opens an element.
     *
     * @param name of this program's own choosing, never from data
     * @param attributes each as {@code name=value}; values are escaped
     */
    public Html open(String name, String... attributes) {
        start(name, attributes);
        out.append('>');
        open.push(name);
        return this;
    }

    /** An element without content, such as an SVG shape. */
    public Html empty(String name, String... attributes) {
        start(name, attributes);
        out.append("/>");
        return this;
    }

    /** Closes the element opened last. */
    public Html close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** Adds a text. */
    public Html text(String text) {
        escape(text);
        return this;
    }

    /** An element with nothing but a text in it. */
    public Html element(String name, String text, String... attributes) {
        return open(name, attributes).text(text).close();
    }

    /** A table in a box of its own, which scrolls where it is too wide. Columns of words stand to the left. */
    public Html table(List<String> header, List<List<String>> rows) {
        List<String> sides = IntStream.range(0, header.size())
                .mapToObj(column -> column == 0 || rows.stream().anyMatch(row -> isWords(row.get(column))) ? "w" : "n")
                .toList();
        open("div", "class=wide").open("table").open("thead").open("tr");
        for (int i = 0; i < header.size(); i++) {
            element("th", header.get(i), "scope=col", "class=" + sides.get(i));
        }
        close().close().open("tbody");
        for (List<String> row : rows) {
            open("tr");
            for (int i = 0; i < row.size(); i++) {
                element("td", row.get(i), "class=" + sides.get(i));
            }
            close();
        }
        return close().close().close();
    }

    private static boolean isWords(String cell) {
        return !cell.isEmpty()
                && !cell.equals("-")
                && (!NUMBER.matcher(cell).lookingAt() || SENTENCE.matcher(cell).find());
    }

    /** Adds what another has, whose elements are all closed. */
    Html add(Html other) {
        other.refuseOpen();
        out.append(other.out);
        return this;
    }

    /** The document's own style sheet, which is no data and must not be escaped. */
    public Html style(String css) {
        out.append("<style>").append(css).append("</style>");
        return this;
    }

    /** All of it as a page. */
    public String finish() {
        return finish("<!doctype html>");
    }

    /** All of it as a document of XML, as which SVG is a file of its own. */
    String finishXml() {
        return finish("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    }

    private String finish(String declaration) {
        refuseOpen();
        return declaration + "\n" + out + "\n";
    }

    private void refuseOpen() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("elements still open: " + open);
        }
    }

    private void start(String name, String... attributes) {
        out.append('<').append(name);
        for (String attribute : attributes) {
            int equals = attribute.indexOf('=');
            out.append(' ').append(attribute, 0, equals).append("=\"");
            escape(attribute.substring(equals + 1));
            out.append('"');
        }
    }

    private void escape(String text) {
        text.codePoints().forEach(code -> {
            switch (code) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> append(code);
            }
        });
    }

    /** Control characters and lone surrogates are not allowed in HTML; U+FFFD says that something was there. */
    private void append(int code) {
        boolean odd = (Character.isISOControl(code) && code != '\n' && code != '\t')
                || Character.getType(code) == Character.SURROGATE
                || code == 0xFFFE
                || code == 0xFFFF;
        out.appendCodePoint(odd ? 0xFFFD : code);
    }
}
