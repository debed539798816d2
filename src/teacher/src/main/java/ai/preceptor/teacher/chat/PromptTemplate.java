package ai.preceptor.teacher.chat;

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
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a {@link ChatModel} is asked, with places for what changes: a text with lines {@code === ROLE} before each message and places {@code
 * {{NAME}}} that are filled in. What is filled in is never searched for places again, and {@code {{fence}}} is a code that
 * depends on it, so that an answer cannot close the marks around it.
 */
public final class PromptTemplate {
    private static final Pattern HEADING = Pattern.compile("(?m)^=== (system|user|assistant)[ \\t]*\\R");
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z_]+)}}");
    private static final String FENCE = "fence";
    private static final int FENCE_DIGITS = 12;

    private final List<Message> parts;

    private PromptTemplate(List<Message> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * The places that a template has.
     *
     * @param required without which it is refused
     * @param optional that it may have beside these
     */
    public record Places(Set<String> required, Set<String> optional) {
        /** Copies both. */
        public Places {
            required = Set.copyOf(required);
            optional = Set.copyOf(optional);
        }

        /** Places that are all required. */
        public static Places of(String... required) {
            return new Places(Set.of(required), Set.of());
        }

        /** The same, with some that a template need not have. */
        public Places orAlso(String... names) {
            return new Places(required, Set.of(names));
        }
    }

    /**
     * One of the program's own.
     *
     * @param owner a class beside whose name the resource lies
     * @param resource the file's name, such as {@code score.txt}
     */
    public static PromptTemplate standard(Class<?> owner, String resource, Places places) {
        try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(resource), resource)) {
            return parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8), places);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A user's own.
     *
     * @throws ConfigurationException if it cannot be read, or lacks a place, or has one that is never filled
     */
    public static PromptTemplate read(Path file, Places places) {
        try {
            return parse(file.toString(), Files.readString(file), places);
        } catch (IOException e) {
            throw new ConfigurationException("template " + file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** One from its text; the name is for errors. */
    public static PromptTemplate parse(String name, String text, Places places) {
        String source = text.replace("\r\n", "\n");
        Matcher heading = HEADING.matcher(source);
        if (!heading.find()) {
            throw new ConfigurationException("template " + name
                    + ": expected lines === system, === user or === assistant before the messages, found none");
        }
        if (!source.substring(0, heading.start()).isBlank()) {
            throw new ConfigurationException("template " + name + ": text before the first line === ROLE");
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
        Set<String> unknown = new TreeSet<>(found);
        unknown.removeAll(places.required());
        unknown.removeAll(places.optional());
        if (!found.containsAll(places.required()) || !unknown.isEmpty()) {
            String optional = places.optional().isEmpty() ? "" : ", possibly " + new TreeSet<>(places.optional());
            throw new ConfigurationException("template " + name + ": expected the places "
                    + new TreeSet<>(places.required()) + " in {{ }}" + optional + ", and fence if wanted, found "
                    + found);
        }
        return new PromptTemplate(parts);
    }

    /** SHA-256 of its text, as 64 hexadecimal digits; templates with the same one ask the same. */
    public String digest() {
        Sha256 digest = new Sha256();
        parts.forEach(part -> digest.add(part.role() + '\0' + part.content() + '\0'));
        return digest.hex();
    }

    /**
     * The same with one place filled for good, by trusted text, on which the fence does not depend. Itself if it has no such
     * place.
     */
    public PromptTemplate with(String place, String text) {
        return new PromptTemplate(parts.stream()
                .map(part -> new Message(part.role(), part.content().replace("{{" + place + "}}", text)))
                .toList());
    }

    /**
     * The messages with their places filled.
     *
     * @param values by the names of the places
     */
    public List<Message> fill(Map<String, String> values) {
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

    /**
     * A reply without the marks of its question: small models copy them.
     *
     * @param values that the question was filled with
     */
    public static String withoutMarks(String reply, Map<String, String> values) {
        return reply.replaceAll("[\\[<]/?[^\\[\\]<>\n]*" + fence(values) + "[^\\[\\]<>\n]*[\\]>]", "")
                .strip();
    }

    /** A prompt as another model reads it: the text, or the turns of the conversation with who speaks, if there are several. */
    public static String prompt(Prompt prompt) {
        if (prompt.text() instanceof Text.Chat chat && chat.messages().size() > 1) {
            return chat.messages().stream()
                    .map(message -> message.role() + ": " + message.content())
                    .collect(Collectors.joining("\n\n"));
        }
        return prompt.text().asString();
    }
}
