package ai.preceptor.teacher.served;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The prompt of a served teacher that judges: a text with lines {@code === ROLE} before each message and places {@code
 * {{NAME}}} that are filled in. What is filled in is never searched for places again, and {@code {{fence}}} is a code that
 * depends on it, so that an answer cannot close the marks around it.
 */
public final class JudgeTemplate {
    private static final Pattern HEADING = Pattern.compile("(?m)^=== (system|user|assistant)[ \\t]*\\R");
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z_]+)}}");
    private static final String FENCE = "fence";
    private static final int FENCE_DIGITS = 12;

    private final List<Message> parts;

    private JudgeTemplate(List<Message> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * The program's own: for comparing two answers, with the places {@code prompt}, {@code answer_a} and {@code answer_b}, or
     * for grading one, with the places {@code prompt} and {@code answer}.
     */
    public static JudgeTemplate standard(TeacherMode mode) {
        String name = mode.name().toLowerCase(Locale.ROOT) + ".txt";
        try (InputStream in = Objects.requireNonNull(JudgeTemplate.class.getResourceAsStream(name), name)) {
            return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8), places(mode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One with the same places, from a file.
     *
     * @throws ConfigurationException if it cannot be read, or lacks a place, or has one that is never filled
     */
    public static JudgeTemplate read(Path file, TeacherMode mode) {
        try {
            return parse(file.toString(), Files.readString(file), places(mode));
        } catch (IOException e) {
            throw new ConfigurationException("judge template " + file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Set<String> places(TeacherMode mode) {
        return mode == TeacherMode.SCORE ? Set.of("prompt", "answer") : Set.of("prompt", "answer_a", "answer_b");
    }

    static JudgeTemplate parse(String name, String text, Set<String> places) {
        String source = text.replace("\r\n", "\n");
        Matcher heading = HEADING.matcher(source);
        if (!heading.find()) {
            throw new ConfigurationException("judge template " + name
                    + ": expected lines === system, === user or === assistant before the messages, found none");
        }
        if (!source.substring(0, heading.start()).isBlank()) {
            throw new ConfigurationException("judge template " + name + ": text before the first line === ROLE");
        }
        List<Message> parts = new ArrayList<>();
        boolean more = true;
        while (more) {
            String role = heading.group(1);
            int from = heading.end();
            more = heading.find();
            parts.add(new Message(
                    role,
                    source.substring(from, more ? heading.start() : source.length())
                            .strip()));
        }
        Set<String> found = parts.stream()
                .flatMap(part -> PLACE.matcher(part.content()).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        found.remove(FENCE);
        if (!found.equals(places)) {
            throw new ConfigurationException("judge template " + name + ": expected the places " + new TreeSet<>(places)
                    + " in {{ }}, and fence if wanted, found " + found);
        }
        return new JudgeTemplate(parts);
    }

    /**
     * The messages with their places filled.
     *
     * @param values by the names of the places
     */
    List<Message> fill(Map<String, String> values) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.put(FENCE, fence(values));
        return parts.stream()
                .map(part -> new Message(
                        part.role(),
                        PLACE.matcher(part.content())
                                .replaceAll(match -> Matcher.quoteReplacement(all.getOrDefault(match.group(1), "")))))
                .toList();
    }

    /** A code that no value can hold on purpose, since it depends on all of them. */
    private static String fence(Map<String, String> values) {
        Sha256 digest = new Sha256();
        values.values().stream().sorted().forEach(value -> digest.add(value + '\0'));
        return digest.hex().substring(0, FENCE_DIGITS);
    }

    /** A prompt as a judge reads it: the text, or the turns of the conversation with who speaks, if there are several. */
    static String prompt(Prompt prompt) {
        if (prompt.text() instanceof Text.Chat chat && chat.messages().size() > 1) {
            return chat.messages().stream()
                    .map(message -> message.role() + ": " + message.content())
                    .collect(Collectors.joining("\n\n"));
        }
        return prompt.text().asString();
    }
}
