package ai.preceptor.teacher.demonstration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reply with a chain of thought, taken apart: what comes before the last line {@code Answer: ...}, and what stands in it.
 *
 * @param rationale the reasoning; may be empty
 * @param answer the final answer, not blank
 */
public record Rationale(String rationale, String answer) {
    /**
     * Models like to print the word, the answer or the whole line in bold. Without backtracking into blanks, of which a line may
     * have many.
     */
    private static final Pattern LINE = Pattern.compile(
            "\\s*+\\**+answer\\**+\\s*+:[*\\s]*+([^*\\s].*(?<![*\\s]))[*\\s]*+", Pattern.CASE_INSENSITIVE);

    /** Of a reply whose last line that is not blank has that form, and no other; empty of any other reply. */
    public static Optional<Rationale> of(String reply) {
        List<String> lines = new ArrayList<>(reply.lines().toList());
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Matcher last = LINE.matcher(lines.remove(lines.size() - 1));
        boolean single = lines.stream().noneMatch(line -> LINE.matcher(line).matches());
        return last.matches() && single
                ? Optional.of(new Rationale(String.join("\n", lines).strip(), last.group(1)))
                : Optional.empty();
    }
}
