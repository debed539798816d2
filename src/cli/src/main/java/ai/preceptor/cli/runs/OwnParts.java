package ai.preceptor.cli.runs;

import ai.preceptor.cli.plugin.OwnPart;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The comments above a run's configuration that say of what its user's own parts were made: {@code # rule: X.java (SHA-256
 * ...), kept in plugins}.
 */
public final class OwnParts {
    /** The directory of a run that keeps their sources. */
    public static final String KEPT = "plugins";

    private static final String KEPT_THERE = ", kept in " + KEPT;
    private static final Pattern COMMENT = Pattern.compile("# ([^ :]+): (.+)");
    private static final Pattern DIGEST = Pattern.compile("(?<=\\(SHA-256 [0-9a-f]{8})[0-9a-f]{56}(?=\\))");

    private OwnParts() {}

    /**
     * The comments, a line each.
     *
     * @param parts by full dotted key, of a list with {@code [index]} behind it
     */
    public static String comments(Map<String, OwnPart> parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach((key, own) -> text.append("# ")
                .append(key)
                .append(": ")
                .append(own.origin())
                .append(own.source().isPresent() ? KEPT_THERE : "")
                .append('\n'));
        return text.toString();
    }

    /**
     * What such comments say, without where the files lay: name and the first eight digits of the digest, by key.
     *
     * @param config that they stand above
     */
    static Map<String, String> of(String config) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String line : config.lines().takeWhile(one -> one.startsWith("#")).toList()) {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches()) {
                String origin = comment.group(2).replace(KEPT_THERE, "");
                parts.put(comment.group(1), DIGEST.matcher(origin).replaceAll(""));
            }
        }
        return parts;
    }
}
