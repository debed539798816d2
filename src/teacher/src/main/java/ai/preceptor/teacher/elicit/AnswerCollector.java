package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.data.source.Repeats;
import ai.preceptor.teacher.Scores;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects answers to prompts with a teacher's scores, and keeps them in a ledger.
 *
 * <p>Prompts go in batches of a fixed size: sample, score, write to the ledger, force to the disk, and only then use. A
 * run that ends early, for whatever reason, is gone on with by calling again with the same prompts and ledger: what is in
 * the ledger is neither sampled nor paid for again, except that answers the teacher gave no score to are offered to it
 * once more. A batch of which a part is missing is sampled again as a whole, with the same stream, so a sampler that is a
 * function of its stream gives the missing answers that an interrupted run would have got.
 */
public final class AnswerCollector {
    private final @Nullable Scorer teacher;
    private final Drafts drafts;
    private final int promptsPerBatch;

    private AnswerCollector(@Nullable Scorer teacher, Drafts drafts, int promptsPerBatch) {
        if (promptsPerBatch < 1) {
            throw new IllegalArgumentException("prompts per batch: " + promptsPerBatch + ", must be at least 1");
        }
        this.teacher = teacher;
        this.drafts = drafts;
        this.promptsPerBatch = promptsPerBatch;
    }

    /**
     * One that samples.
     *
     * @param teacher who scores; null for answers that nobody scores. Stays its owner's to close
     * @param sampler who answers
     * @param promptsPerBatch prompts between two writes to the ledger, at least 1; part of what a resumed run must keep
     * @throws IllegalArgumentException if {@code promptsPerBatch} is below 1
     */
    public static AnswerCollector sampling(@Nullable Scorer teacher, AnswerSampler sampler, int promptsPerBatch) {
        return new AnswerCollector(teacher, Drafts.sampled(sampler), promptsPerBatch);
    }

    /**
     * One that scores answers which are there, of several students for example.
     *
     * @param answers of {@link PooledAnswers#pooled}, one per prompt of {@link #collect}, in the same order
     */
    public static AnswerCollector scoring(Scorer teacher, List<Elicited> answers, int promptsPerBatch) {
        List<Elicited> kept = LazyRows.copyOf(answers);
        return new AnswerCollector(
                teacher,
                (prompts, stream) -> {
                    int from = Math.toIntExact(stream * promptsPerBatch);
                    return kept.subList(from, from + prompts.size());
                },
                promptsPerBatch);
    }

    /**
     * Collects. What is given is read from the ledger, each time a row is asked for.
     *
     * @param prompts what to ask
     * @param ledger where answers are kept
     * @param progress told after every batch
     * @throws ScorerException if the teacher could score nothing; what it scored before is in the ledger
     */
    public CollectedAnswers collect(List<Prompt> prompts, Ledger ledger, PromptProgress progress) {
        int[] occurrences = Repeats.before(prompts);
        int resumed = 0;
        for (int from = 0; from < prompts.size(); from += promptsPerBatch) {
            int to = Math.min(prompts.size(), from + promptsPerBatch);
            List<@Nullable Elicited> known = new ArrayList<>();
            for (int i = from; i < to; i++) {
                Elicited found = ledger.find(prompts.get(i), occurrences[i]);
                resumed += found == null ? 0 : 1;
                known.add(found);
            }
            List<Elicited> batch = batch(prompts.subList(from, to), known, from / promptsPerBatch);
            for (int i = from; i < to; i++) {
                Elicited row = batch.get(i - from);
                if (!row.equals(known.get(i - from))) {
                    ledger.add(occurrences[i], row);
                }
            }
            ledger.flush();
            progress.at(to, prompts.size());
        }
        List<Prompt> asked = LazyRows.copyOf(prompts);
        return new CollectedAnswers(
                new LazyRows<>(asked.size(), i -> recorded(ledger, asked.get(i), occurrences[i])), resumed);
    }

    private static Elicited recorded(Ledger ledger, Prompt prompt, int occurrence) {
        Elicited row = ledger.find(prompt, occurrence);
        if (row == null) {
            throw new IllegalStateException("ledger: has no record of a prompt that was added: " + prompt.text());
        }
        return row;
    }

    private List<Elicited> batch(List<Prompt> prompts, List<@Nullable Elicited> known, long stream) {
        List<Elicited> rows = new ArrayList<>();
        boolean complete = known.stream().allMatch(row -> row != null);
        List<Elicited> drafted = complete ? List.of() : drafts.of(prompts, stream);
        for (int i = 0; i < prompts.size(); i++) {
            Elicited row = known.get(i);
            rows.add(row != null ? row : drafted.get(i));
        }
        if (teacher == null) {
            return rows;
        }
        return teacher.isRelative() ? scoreApart(rows, teacher) : score(rows, teacher);
    }

    /** Scores rows with equal prompts in different calls: a teacher of groups would take them for one. */
    private static List<Elicited> scoreApart(List<Elicited> rows, Scorer teacher) {
        int[] occurrences = Repeats.before(rows.stream().map(Elicited::prompt).toList());
        Map<Integer, List<Integer>> calls = new TreeMap<>();
        for (int i = 0; i < rows.size(); i++) {
            calls.computeIfAbsent(occurrences[i], first -> new ArrayList<>()).add(i);
        }
        List<Elicited> scored = new ArrayList<>(rows);
        for (List<Integer> places : calls.values()) {
            List<Elicited> own = score(places.stream().map(rows::get).toList(), teacher);
            for (int i = 0; i < places.size(); i++) {
                scored.set(places.get(i), own.get(i));
            }
        }
        return scored;
    }

    /**
     * Offers every answer without a score to the teacher, equal ones once. A teacher whose scores depend on the other answers
     * gets all answers to the prompt again.
     */
    private static List<Elicited> score(List<Elicited> rows, Scorer teacher) {
        Set<Answer> distinct = new LinkedHashSet<>();
        for (Elicited row : rows) {
            boolean whole = teacher.isRelative() && row.answers().stream().anyMatch(ScoredAnswer::wantsScore);
            for (ScoredAnswer answer : row.answers()) {
                if (answer.wantsScore() || (whole && !answer.isBlank())) {
                    distinct.add(Answer.of(row.prompt(), answer.text()));
                }
            }
        }
        if (distinct.isEmpty()) {
            return rows;
        }
        Map<Answer, Score> scores = Scores.byAnswer(teacher, distinct);
        return rows.stream().map(row -> scored(row, scores)).toList();
    }

    private static Elicited scored(Elicited row, Map<Answer, Score> scores) {
        return new Elicited(
                row.prompt(),
                row.answers().stream()
                        .map(answer -> answer.withScore(
                                better(answer.score(), scores.get(Answer.of(row.prompt(), answer.text())))))
                        .toList());
    }

    /** A score that was given stays where the teacher gives none when it is asked again. */
    private static Score better(Score known, @Nullable Score given) {
        return given == null || (known.isScored() && !given.isScored()) ? known : given;
    }
}
