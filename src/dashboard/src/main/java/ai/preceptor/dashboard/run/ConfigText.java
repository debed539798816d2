package ai.preceptor.dashboard.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code config.yaml} as this program writes it: one key a line. Only keys without indentation are read.
 *
 * @param text the file
 */
record ConfigText(String text) {
    private static final Pattern LINE = Pattern.compile("^([a-z_][a-z0-9_]*):(?: (.*))?$");

    /** Keys that differ between runs of one configuration, or change nothing but how a run is watched. */
    private static final Set<String> OUTSIDE = Set.of(
            "seed",
            "output",
            "resume",
            "logging_steps",
            "save_steps",
            "save_total_limit",
            "metrics_port",
            "dashboard",
            "dashboard_port",
            "report_to",
            "otlp_url");

    /** A recipe's stages of one seed read what other stages of that seed wrote. */
    private static final Pattern OF_SEED = Pattern.compile("\\bseed-[0-9]+(?=[/\"])");

    private static final int DIGEST_BYTES = 8;

    /** Keys that only one command has; the first that is found counts. */
    private static final List<Map.Entry<String, String>> TELLING = List.of(
            Map.entry("stages", "run"),
            Map.entry("ensemble_size", "reward"),
            Map.entry("precompute_ref_log_probs", "rank"),
            Map.entry("agreement_teacher", "eval"),
            Map.entry("algorithm", "policy"),
            Map.entry("distillation", "distill"),
            Map.entry("drop_unfinished", "elicit"),
            Map.entry("eval_rows", "sft"));

    /** Values of keys without indentation, as written; quotes are removed. */
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        text.lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                String value = Optional.ofNullable(matcher.group(2)).orElse("");
                values.put(matcher.group(1), value.replaceAll("^\"(.*)\"$", "$1"));
            }
        });
        return values;
    }

    /** The command that it is of; empty if none of its keys tells. */
    String command() {
        Set<String> keys = values().keySet();
        return TELLING.stream()
                .filter(entry -> keys.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /** Digest of all but seed, output, and how the run is watched; empty for an empty file. */
    String settings() {
        if (text.isBlank()) {
            return "";
        }
        String compared = text.lines()
                .filter(line -> {
                    Matcher matcher = LINE.matcher(line);
                    return !matcher.matches() || !OUTSIDE.contains(matcher.group(1));
                })
                .map(line -> OF_SEED.matcher(line).replaceAll("seed-*"))
                .collect(Collectors.joining("\n"));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(compared.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
