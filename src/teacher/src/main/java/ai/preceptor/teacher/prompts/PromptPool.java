package ai.preceptor.teacher.prompts;

import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.similarity.RougeL;
import ai.preceptor.teacher.similarity.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the prompts that are new, and counts what becomes of the others. */
public final class PromptPool {
    private final PromptRules rules;
    private final List<String> seeds;
    private final int wanted;
    private final List<MadePrompt> kept = new ArrayList<>();
    private final List<LeftOutPrompt> leftOut = new ArrayList<>();
    private final Map<PromptOutcome, Integer> counts = new EnumMap<>(PromptOutcome.class);
    private final Set<String> known = new HashSet<>();
    private final List<RougeL> words = new ArrayList<>();

    /**
     * A pool without prompts.
     *
     * @param rules what a prompt must be
     * @param seeds prompts that there are already; may be empty
     * @param wanted new ones that are wanted, 1 or more
     */
    public PromptPool(PromptRules rules, List<String> seeds, int wanted) {
        if (wanted < 1) {
            throw new IllegalArgumentException("wanted: received " + wanted + ", expected 1 or more");
        }
        this.rules = rules;
        this.seeds = List.copyOf(seeds);
        this.wanted = wanted;
        this.seeds.forEach(this::remember);
    }

    private void remember(String prompt) {
        known.add(plain(prompt));
        if (rules.rougeThreshold() != null) {
            words.add(RougeL.of(prompt));
        }
    }

    private static String plain(String prompt) {
        return Words.spaced(prompt).toLowerCase(Locale.ROOT);
    }

    /** Whether there are as many new prompts as wanted. */
    public boolean isFull() {
        return kept.size() >= wanted;
    }

    /** New prompts that are wanted. */
    public int wanted() {
        return wanted;
    }

    /** The prompts that were there before. */
    public List<String> seeds() {
        return seeds;
    }

    /** New prompts, in the order made. */
    public List<MadePrompt> kept() {
        return Collections.unmodifiableList(kept);
    }

    /** Prompts that were left out, in the order made. */
    public List<LeftOutPrompt> leftOut() {
        return Collections.unmodifiableList(leftOut);
    }

    /** How many prompts had an outcome. */
    public int count(PromptOutcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    /**
     * Keeps a prompt if it is new and meets the rules. One that comes when the pool is full is not counted.
     *
     * @return what became of it; {@code DUPLICATE} too if the pool is full
     */
    public PromptOutcome offer(MadePrompt prompt) {
        if (isFull()) {
            return PromptOutcome.DUPLICATE;
        }
        String problem = rules.problem(prompt.text());
        if (problem != null) {
            return leaveOut(prompt, PromptOutcome.MALFORMED, problem);
        }
        if (known.contains(plain(prompt.text()))) {
            return leaveOut(prompt, PromptOutcome.DUPLICATE, "a seed or an earlier prompt");
        }
        String similar = similar(prompt.text());
        if (similar != null) {
            return leaveOut(prompt, PromptOutcome.TOO_SIMILAR, similar);
        }
        remember(prompt.text());
        kept.add(prompt);
        counts.merge(PromptOutcome.KEPT, 1, Integer::sum);
        return PromptOutcome.KEPT;
    }

    /** Offers the whole reply of a question as a prompt. */
    void offer(Asked asked, Map<String, Object> origin) {
        ChatReply reply = asked.reply();
        MadePrompt made = new MadePrompt(reply == null ? "" : reply.text().strip(), origin);
        if (reply == null) {
            leaveOut(made, PromptOutcome.UNANSWERED, String.valueOf(asked.problem()));
        } else if (reply.isTruncated()) {
            leaveOut(made, PromptOutcome.MALFORMED, "was cut off at the limit of tokens");
        } else {
            offer(made);
        }
    }

    /** Counts a prompt that is not kept, and says so. */
    public PromptOutcome leaveOut(MadePrompt prompt, PromptOutcome outcome, String detail) {
        leftOut.add(new LeftOutPrompt(prompt, outcome, detail));
        counts.merge(outcome, 1, Integer::sum);
        return outcome;
    }

    private @Nullable String similar(String prompt) {
        Double threshold = rules.rougeThreshold();
        if (threshold == null) {
            return null;
        }
        RougeL own = RougeL.of(prompt);
        for (RougeL other : words) {
            if (other.reaches(threshold, own)) {
                return String.format(Locale.ROOT, "ROUGE-L %.3f", other.fMeasure(own));
            }
        }
        return null;
    }
}
