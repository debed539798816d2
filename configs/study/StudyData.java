import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Splits the study's prompts into train.jsonl and heldout.jsonl: {@code java StudyData.java SOURCE OUTPUT_DIR}.
 *
 * <p>Rows are sorted by the SHA-256 of the prompt text's UTF-8 bytes; the first 200 are held out.
 */
public final class StudyData {
    private static final int HELD_OUT = 200;
    private static final String PROMPTS = "prompts.jsonl.gz";
    private static final Pattern CONTENT = Pattern.compile("\"content\": (\"(?:[^\"\\\\]|\\\\.)*\")");

    private StudyData() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: java StudyData.java SOURCE OUTPUT_DIR");
            System.exit(2);
        }
        Path output = Path.of(arguments[1]);
        List<String> rows = List.copyOf(sorted(Path.of(arguments[0], PROMPTS)).values());
        Files.createDirectories(output);
        write(output.resolve("heldout.jsonl"), rows.subList(0, HELD_OUT));
        write(output.resolve("train.jsonl"), rows.subList(HELD_OUT, rows.size()));
    }

    /** The lines of a file by the digest of their prompt. */
    private static TreeMap<String, String> sorted(Path file) throws IOException {
        TreeMap<String, String> rows = new TreeMap<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            Matcher content = CONTENT.matcher(line);
            if (!content.find()) {
                throw new IOException(file + ":" + number + ": no prompt");
            }
            rows.put(digest(unescaped(content.group(1)).getBytes(StandardCharsets.UTF_8)), line);
        }
        return rows;
    }

    private static List<String> lines(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return reader.lines().collect(Collectors.toList());
        } catch (UncheckedIOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** The text of a JSON string. */
    private static String unescaped(String quoted) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < quoted.length() - 1; i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            i++;
            switch (quoted.charAt(i)) {
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'u' -> {
                    text.append((char) Integer.parseInt(quoted.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> text.append(quoted.charAt(i));
            }
        }
        return text.toString();
    }

    private static void write(Path file, List<String> rows) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        byte[] bytes = rows.stream().map(row -> row + "\n").collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8);
        Path aside = file.resolveSibling(file.getFileName() + ".partial");
        Files.write(aside, bytes);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        System.out.println(file + ": " + rows.size() + " rows, sha256 " + digest(bytes));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
