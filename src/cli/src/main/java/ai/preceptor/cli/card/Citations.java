package ai.preceptor.cli.card;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who published which method.
 *
 * @param methods by {@code COMMAND.VALUE} of the key that chooses it, or {@code COMMAND} alone
 */
record Citations(Map<String, Method> methods) {
    /**
     * A method.
     *
     * @param tag as the Hub has it
     * @param name as a person says it
     * @param source author, year and number at arXiv
     */
    record Method(String tag, String name, String source) {
        String address() {
            String number = source.replaceFirst(".* arXiv:", "");
            return number.equals(source)
                    ? source
                    : source.replaceFirst(" arXiv:.*", "") + " [arXiv:" + number + "](https://arxiv.org/abs/" + number
                            + ")";
        }
    }

    /**
     * A key that chooses a method.
     *
     * @param own the key of a user's own part that stands in its place
     */
    private record Choice(String key, String own) {}

    private static final List<Choice> CHOICES =
            List.of(new Choice("algorithm", "advantages"), new Choice("loss_type", "loss"));

    /** Those of the program's methods. */
    static Citations read() {
        Map<String, Method> methods = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(Citations.class.getResourceAsStream("methods.tsv"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .forEach(row -> methods.put(row[0], new Method(row[1], row[2], row[3])));
        } catch (IOException e) {
            throw new UncheckedIOException("a resource of the program cannot be read", e);
        }
        return new Citations(methods);
    }

    /**
     * What a command's keys chose, in order; the command's own method where they chose none of these. Nobody published a
     * user's own part, and the key in the place of which it stands chose nothing.
     */
    List<Method> of(String command, Map<String, @Nullable Object> keys) {
        List<Method> found = new ArrayList<>();
        boolean own = false;
        for (Choice choice : CHOICES) {
            if (keys.get(choice.own()) != null) {
                own = true;
                continue;
            }
            Object value = keys.get(choice.key());
            List<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
            for (Object one : values) {
                Method method = methods.get(command + "." + String.valueOf(one).toLowerCase(Locale.ROOT));
                if (method != null && !found.contains(method)) {
                    found.add(method);
                }
            }
        }
        Method usual = methods.get(command);
        return found.isEmpty() && !own && usual != null ? List.of(usual) : found;
    }
}
