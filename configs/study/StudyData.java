import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the data of the study, {@code pairs.jsonl.gz}, {@code train.jsonl}, {@code valid.jsonl} and {@code
 * heldout.jsonl}: {@code java configs/study/StudyData.java SOURCE OUTPUT_DIR}.
 *
 * <p>SOURCE is a checkout of AlpacaEval, or a directory with {@code gpt4_pairs.jsonl.gz} and {@code prompts.jsonl.gz}.
 * docs/study-data.md says more.
 */
public final class StudyData {
    /** Prompts of the final evaluation: the first in the order of {@link #sorted}. */
    private static final int HELD_OUT = 200;

    /** Prompts by which settings are chosen: the next. The others are for training. */
    private static final int VALID = 61;

    /** Hexadecimal digits of a row's SHA-256 in the index. */
    private static final int DIGITS = 16;

    private static final Path INDEX = Path.of("configs", "study", "rows.txt");

    private StudyData() {}

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: java configs/study/StudyData.java SOURCE OUTPUT_DIR");
            System.exit(2);
        }
        try {
            run(Path.of(arguments[0]), Path.of(arguments[1]), INDEX, System.out);
        } catch (NoSuchFileException e) {
            fail("no such file: " + e.getMessage());
        } catch (FileAlreadyExistsException e) {
            fail("exists already: " + e.getMessage());
        } catch (IOException e) {
            fail(e.getMessage());
        }
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }

    /**
     * Writes the files.
     *
     * @param index digests of the study's rows, in their order; read if {@code source} is a checkout
     * @param report gets one line per file
     * @throws IOException if a file of the source is missing or unreadable, or an output exists
     */
    public static void run(Path source, Path output, Path index, PrintStream report) throws IOException {
        Path pairs = output.resolve("pairs.jsonl.gz");
        Path train = output.resolve("train.jsonl");
        Path valid = output.resolve("valid.jsonl");
        Path heldout = output.resolve("heldout.jsonl");
        for (Path file : List.of(pairs, train, valid, heldout)) {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
        }
        Rows rows = Files.isDirectory(source.resolve("results")) ? annotations(source, index) : rows(source);
        List<String> prompts = sorted(rows.prompts());
        int evaluated = HELD_OUT + VALID;
        if (prompts.size() <= evaluated) {
            throw new IOException(source + ": expected more than " + evaluated + " prompts, not " + prompts.size());
        }
        Files.createDirectories(output);
        write(pairs, rows.pairs(), report);
        write(train, prompts.subList(evaluated, prompts.size()), report);
        write(valid, prompts.subList(HELD_OUT, evaluated), report);
        write(heldout, prompts.subList(0, HELD_OUT), report);
    }

    /** Lines of JSON. */
    private record Rows(List<String> pairs, List<String> prompts) {}

    /** The study's rows, as they are. */
    private static Rows rows(Path source) throws IOException {
        return new Rows(lines(source.resolve("gpt4_pairs.jsonl.gz")), lines(source.resolve("prompts.jsonl.gz")));
    }

    /** The lines of a file, each of which must have a prompt. */
    private static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                prompt(line, file + ":" + lines.size());
            }
        }
        return lines;
    }

    /** The text of a row's only prompt message. */
    private static String prompt(String line, String where) throws IOException {
        Object row;
        try {
            row = new Json(line).document();
        } catch (IllegalArgumentException e) {
            throw new IOException(where + ": " + e.getMessage(), e);
        }
        if (row instanceof Map<?, ?> fields
                && fields.get("prompt") instanceof List<?> messages
                && messages.size() == 1
                && messages.get(0) instanceof Map<?, ?> message
                && message.get("content") instanceof String text) {
            return text;
        }
        throw new IOException(where + ": expected a prompt of one message");
    }

    /** The rows of the index, taken from AlpacaEval's annotations by GPT-4. */
    private static Rows annotations(Path source, Path index) throws IOException {
        Map<String, String> rows = new HashMap<>();
        try (Stream<Path> models = Files.list(source.resolve("results"))) {
            for (Path model : models.sorted().toList()) {
                Path file = model.resolve("alpaca_eval_gpt4").resolve("annotations.json");
                if (Files.isRegularFile(file)) {
                    addAnnotations(file, rows);
                }
            }
        }
        List<String> pairs = new ArrayList<>();
        List<String> prompts = new ArrayList<>();
        List<String> section = pairs;
        int number = 0;
        for (String line : Files.readAllLines(index)) {
            number++;
            if (line.startsWith("#")) {
                section = line.equals("# prompts") ? prompts : section;
                continue;
            }
            for (String digest : line.split(" ")) {
                String row = rows.get(digest);
                if (row == null) {
                    throw new IOException(index + ":" + number + ": no annotation in "
                            + source.resolve("results") + " gives the row " + digest);
                }
                section.add(row);
            }
        }
        return new Rows(pairs, prompts);
    }

    /** Adds the pair and the prompt of each annotation that prefers one answer, by the digest that the index names. */
    private static void addAnnotations(Path file, Map<String, String> rows) throws IOException {
        Json json = new Json(Files.readString(file));
        try {
            for (Object value : json.array()) {
                if (!(value instanceof Map<?, ?> annotation)) {
                    throw new IllegalArgumentException("expected an object");
                }
                Object preference = annotation.get("preference");
                if (Double.valueOf(1).equals(preference) || Double.valueOf(2).equals(preference)) {
                    String chosen = preference.equals(1.0) ? "1" : "2";
                    String rejected = preference.equals(1.0) ? "2" : "1";
                    String prompt = "{\"prompt\": " + message("user", annotation, "instruction");
                    String pair = prompt
                            + ", \"chosen\": " + message("assistant", annotation, "output_" + chosen)
                            + ", \"rejected\": " + message("assistant", annotation, "output_" + rejected)
                            + ", \"chosen_model\": " + quoted(text(annotation, "generator_" + chosen))
                            + ", \"rejected_model\": " + quoted(text(annotation, "generator_" + rejected)) + "}";
                    for (String row : List.of(pair, prompt + "}")) {
                        rows.put(digest(row.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS), row);
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ":" + json.line() + ": " + e.getMessage(), e);
        }
    }

    private static String message(String role, Map<?, ?> annotation, String key) {
        return "[{\"role\": \"" + role + "\", \"content\": " + quoted(text(annotation, key)) + "}]";
    }

    private static String text(Map<?, ?> annotation, String key) {
        if (annotation.get(key) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("expected a text as " + key);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            int escape = "\"\\\n\r\t\b\f".indexOf(c);
            if (escape >= 0) {
                quoted.append('\\').append("\"\\nrtbf".charAt(escape));
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** By the SHA-256 of the prompt's UTF-8 bytes, which depends on no order of the source. */
    private static List<String> sorted(List<String> prompts) throws IOException {
        TreeMap<String, String> sorted = new TreeMap<>();
        for (String line : prompts) {
            sorted.put(digest(prompt(line, "prompt").getBytes(StandardCharsets.UTF_8)), line);
        }
        return List.copyOf(sorted.values());
    }

    private static void write(Path file, List<String> rows, PrintStream report) throws IOException {
        byte[] bytes = (String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8);
        Path aside = file.resolveSibling(file.getFileName() + ".partial");
        Files.write(aside, file.toString().endsWith(".gz") ? compressed(bytes) : bytes);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        report.println(file + ": " + rows.size() + " rows, SHA-256 uncompressed " + digest(bytes));
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        }
        return compressed.toByteArray();
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads JSON (RFC 8259); numbers become {@code Double}. The JDK has no reader of its own. */
    private static final class Json {
        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        /** The line that has been reached, from 1. */
        int line() {
            return 1 + (int) text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count();
        }

        Object document() {
            Object value = value();
            if (peek() != 0) {
                throw unexpected();
            }
            return value;
        }

        List<?> array() {
            if (document() instanceof List<?> list) {
                return list;
            }
            throw new IllegalArgumentException("expected an array");
        }

        private Object value() {
            switch (peek()) {
                case '{':
                    return object();
                case '[':
                    return list();
                case '"':
                    return string();
                default:
                    return literal();
            }
        }

        private Map<String, Object> object() {
            Map<String, Object> object = new LinkedHashMap<>();
            expect('{');
            if (peek() != '}') {
                do {
                    peek();
                    String key = string();
                    expect(':');
                    object.put(key, value());
                } while (next(','));
            }
            expect('}');
            return object;
        }

        private List<Object> list() {
            List<Object> list = new ArrayList<>();
            expect('[');
            if (peek() != ']') {
                do {
                    list.add(value());
                } while (next(','));
            }
            expect(']');
            return list;
        }

        private String string() {
            expect('"');
            StringBuilder string = new StringBuilder();
            while (at < text.length() && text.charAt(at) != '"') {
                char c = text.charAt(at++);
                string.append(c == '\\' ? escaped() : c);
            }
            if (at == text.length()) {
                throw unexpected();
            }
            at++;
            return string.toString();
        }

        private char escaped() {
            char c = at < text.length() ? text.charAt(at++) : 0;
            if (c == 'u' && at + 4 <= text.length()) {
                at += 4;
                return (char) HexFormat.fromHexDigits(text, at - 4, at);
            }
            int escape = "\"\\/nrtbf".indexOf(c);
            if (escape < 0) {
                throw unexpected();
            }
            return "\"\\/\n\r\t\b\f".charAt(escape);
        }

        private Object literal() {
            int from = at;
            while (at < text.length() && " \t\r\n,:]}\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String word = text.substring(from, at);
            switch (word) {
                case "null":
                    return null;
                case "true":
                case "false":
                    return Boolean.valueOf(word);
                case "":
                    throw unexpected();
                default:
                    return number(word);
            }
        }

        private static Double number(String word) {
            try {
                return Double.valueOf(word);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("unexpected " + word, e);
            }
        }

        /** The next character that is no white space; 0 at the end. */
        private char peek() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private boolean next(char sought) {
            boolean found = peek() == sought;
            at += found ? 1 : 0;
            return found;
        }

        private void expect(char sought) {
            if (!next(sought)) {
                throw unexpected();
            }
        }

        private IllegalArgumentException unexpected() {
            return new IllegalArgumentException(
                    at < text.length() ? "unexpected \"" + text.charAt(at) + "\"" : "unexpected end of JSON");
        }
    }
}
