package ai.preceptor.teacher.prompts;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.Draws;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import ai.preceptor.teacher.curate.LanguageRule;
import ai.preceptor.teacher.similarity.Words;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The teacher makes every prompt harder, round by round, by an operation drawn at random.
 *
 * <p>A prompt that fails stays as it was, for the next round. It fails where, in this order: it copies words of the question;
 * the teacher finds it equal to its parent; the teacher's answer to it says "sorry" in fewer than 80 words, or has nothing but
 * function words. Source: Xu et al. 2023, WizardLM, arXiv:2304.12244, 3.2: six operations with equal probability, four rounds,
 * the four failures. Harder prompts are of use where the teacher can still answer them.
 */
public final class Evolve implements PromptMethod {
    /** The name of the template that asks whether two prompts are equal. */
    public static final String EQUAL = "equal";

    static final Places PLACES = Places.of("prompt");
    static final Places EQUAL_PLACES = Places.of("prompt", "evolved");

    private static final int SHORT_ANSWER = 80;

    /** What is asked about one prompt in one round with a seed. */
    private static final int REWRITING = 0;

    private static final int ANSWERING = 1;
    private static final int STAGES = 2;

    private final Questions questions;
    private final Map<EvolveOperation, PromptTemplate> operations;
    private final PromptTemplate equal;
    private final Settings settings;
    private final List<String> current = new ArrayList<>();
    private int round;
    private int next;
    private long asked;

    /**
     * How prompts evolve.
     *
     * @param rounds 1 or more
     * @param checkAnswers whether the teacher answers each new prompt, to see that it can
     * @param copiedWords phrases of the questions that no prompt may contain; copied
     * @param seed decides which operations are drawn
     */
    public record Settings(int rounds, boolean checkAnswers, List<String> copiedWords, long seed) {
        /** Copies the list. */
        public Settings {
            copiedWords = List.copyOf(copiedWords);
            if (rounds < 1) {
                throw new IllegalArgumentException("rounds: received " + rounds + ", expected 1 or more");
            }
        }
    }

    /** A prompt on its way. */
    private record Attempt(int place, MadePrompt made) {}

    /**
     * @param operations templates with the place {@code prompt}, of the operations that may be drawn; at least one
     * @param equal template with the places {@code prompt} and {@code evolved}
     */
    public Evolve(
            Questions questions,
            Map<EvolveOperation, PromptTemplate> operations,
            PromptTemplate equal,
            Settings settings) {
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("operations: expected at least one, received none");
        }
        this.questions = questions;
        this.operations = new EnumMap<>(operations);
        this.equal = equal;
        this.settings = settings;
    }

    @Override
    public int step(PromptPool pool) {
        if (round == 0) {
            current.addAll(pool.seeds());
            round = 1;
        } else if (next == current.size()) {
            round++;
            next = 0;
        }
        if (round > settings.rounds() || current.isEmpty()) {
            return 0;
        }
        int to = Math.min(current.size(), next + Questions.STEP);
        long before = asked;
        List<Attempt> attempts = answerable(gained(rewritten(next, to, pool), pool), pool);
        for (Attempt attempt : attempts) {
            if (pool.offer(attempt.made()) == PromptOutcome.KEPT) {
                current.set(attempt.place(), attempt.made().text());
            }
        }
        next = to;
        return (int) (asked - before);
    }

    private List<Attempt> rewritten(int from, int to, PromptPool pool) {
        List<EvolveOperation> choice = List.copyOf(operations.keySet());
        List<EvolveOperation> drawn = new ArrayList<>();
        List<List<Message>> batch = new ArrayList<>();
        for (int place = from; place < to; place++) {
            Random random = Draws.of(settings.seed(), round, place);
            EvolveOperation operation = choice.get(random.nextInt(choice.size()));
            drawn.add(operation);
            batch.add(template(operation).fill(Map.of("prompt", current.get(place))));
        }
        List<Asked> replies = texts(batch, i -> number(from + i, REWRITING));
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            String parent = current.get(from + i);
            ChatReply reply = replies.get(i).reply();
            String text = reply == null ? "" : PromptTemplate.withoutMarks(reply.text(), Map.of("prompt", parent));
            MadePrompt made = new MadePrompt(text, origin(round, drawn.get(i), parent));
            String malformed = reply == null ? null : malformed(reply, made.text());
            if (reply == null) {
                unanswered(made, replies.get(i), pool);
            } else if (malformed != null) {
                pool.leaveOut(made, PromptOutcome.MALFORMED, malformed);
            } else {
                attempts.add(new Attempt(from + i, made));
            }
        }
        return attempts;
    }

    /** In the order of a row. */
    private static Map<String, Object> origin(int round, EvolveOperation operation, String parent) {
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put("round", round);
        origin.put("operation", operation.label());
        origin.put("parent", parent);
        return origin;
    }

    private PromptTemplate template(EvolveOperation operation) {
        PromptTemplate template = operations.get(operation);
        if (template == null) {
            throw new IllegalStateException("drawn from the map's own keys");
        }
        return template;
    }

    private @Nullable String malformed(ChatReply reply, String text) {
        if (text.isEmpty()) {
            return "empty";
        }
        if (reply.isTruncated()) {
            return "was cut off at the limit of tokens";
        }
        for (String phrase : settings.copiedWords()) {
            if (text.toLowerCase(Locale.ROOT).contains(phrase.toLowerCase(Locale.ROOT))) {
                return "copies \"" + phrase + "\"";
            }
        }
        return null;
    }

    /** Those that the teacher does not find equal to their parents. */
    private List<Attempt> gained(List<Attempt> attempts, PromptPool pool) {
        List<Asked> verdicts = questions.verdicts(attempts.stream()
                .map(attempt -> equal.fill(Map.of(
                        "prompt", current.get(attempt.place()),
                        "evolved", attempt.made().text())))
                .toList());
        asked += attempts.size();
        List<Attempt> gained = new ArrayList<>();
        for (int i = 0; i < attempts.size(); i++) {
            MadePrompt made = attempts.get(i).made();
            ChatReply reply = verdicts.get(i).reply();
            String verdict = reply == null ? "" : verdict(reply.text());
            if (reply == null) {
                unanswered(made, verdicts.get(i), pool);
            } else if (verdict.equals("not equal")) {
                gained.add(attempts.get(i));
            } else if (verdict.equals("equal")) {
                pool.leaveOut(made, PromptOutcome.NO_GAIN, "the teacher finds it equal to its parent");
            } else {
                pool.leaveOut(
                        made,
                        PromptOutcome.MALFORMED,
                        "expected Equal or Not equal of the teacher, found " + ChatReply.excerpt(reply.text()));
            }
        }
        return gained;
    }

    private static String verdict(String reply) {
        return reply.strip()
                .replaceAll("[.!*\"]+", "")
                .replaceAll("\\s+", " ")
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** Those that the teacher can answer. */
    private List<Attempt> answerable(List<Attempt> attempts, PromptPool pool) {
        if (!settings.checkAnswers()) {
            return attempts;
        }
        List<List<Message>> batch = attempts.stream()
                .map(attempt -> List.of(Message.user(attempt.made().text())))
                .toList();
        List<Asked> answers = texts(batch, i -> number(attempts.get(i).place(), ANSWERING));
        List<Attempt> answerable = new ArrayList<>();
        for (int i = 0; i < attempts.size(); i++) {
            MadePrompt made = attempts.get(i).made();
            ChatReply reply = answers.get(i).reply();
            String failure = reply == null ? null : failure(reply.text());
            if (reply == null) {
                unanswered(made, answers.get(i), pool);
            } else if (failure != null) {
                pool.leaveOut(made, PromptOutcome.REFUSED, failure);
            } else {
                answerable.add(attempts.get(i));
            }
        }
        return answerable;
    }

    private static @Nullable String failure(String answer) {
        int words = Words.count(answer);
        if (words < SHORT_ANSWER && PromptRules.contains(answer, "sorry")) {
            return "the teacher says sorry in " + words + " words";
        }
        boolean bare = Words.of(answer).stream().allMatch(LanguageRule.standard()::isFunctionWord);
        return bare ? "the teacher's answer has nothing but function words" : null;
    }

    private static void unanswered(MadePrompt made, Asked reply, PromptPool pool) {
        pool.leaveOut(made, PromptOutcome.UNANSWERED, String.valueOf(reply.problem()));
    }

    private List<Asked> texts(List<List<Message>> batch, IntToLongFunction numbers) {
        asked += batch.size();
        return questions.texts(batch, numbers);
    }

    /**
     * The number of a question, which decides its seed. It does not depend on what became of others: a resumed run, in which a
     * question is answered that failed before, asks the others as before, and finds their answers in the ledger.
     */
    private long number(int place, int stage) {
        return ((round - 1L) * current.size() + place) * STAGES + stage;
    }
}
