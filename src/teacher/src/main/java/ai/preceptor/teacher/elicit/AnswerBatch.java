package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.RowBytes;
import ai.preceptor.data.source.Repeats;
import ai.preceptor.data.source.RowException;
import ai.preceptor.teacher.Scores;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prompts that are answered together, and perhaps scored.
 *
 * @param prompts in order; copied
 * @param known for each what a ledger has of it, or null; copied
 * @param stream number of the batch, which a sampler mixes into its seed
 */
public record AnswerBatch(List<Prompt> prompts, List<@Nullable Elicited> known, long stream) {
    private static final LedgerRow ROWS = new LedgerRow(new Provenance("", "", "", ""));
    private static final String STREAM = "stream";
    private static final String KNOWN = "known";

    /** Copies the lists. */
    public AnswerBatch {
        prompts = List.copyOf(prompts);
        known = Collections.unmodifiableList(new ArrayList<>(known));
    }

    /** Who answers batches: this process, or others. */
    @FunctionalInterface
    public interface Answering {
        /**
         * Answers batches.
         *
         * @param batches read as they are begun, on the calling thread
         * @param answered given each batch's answers, one row per prompt, in the order of the batches, on the calling thread
         */
        void run(Iterator<AnswerBatch> batches, Consumer<List<Elicited>> answered);
    }

    /** Whether a ledger has all answers. */
    boolean isAnswered() {
        return known.stream().allMatch(row -> row != null);
    }

    /** Whether somebody who scores could score more of what a ledger has. */
    boolean wantsScores() {
        return known.stream()
                .anyMatch(row -> row != null && row.answers().stream().anyMatch(ScoredAnswer::wantsScore));
    }

    /**
     * The answers: those that are known, and new ones.
     *
     * @param sampler asked about all prompts if a part is missing, so that a sampler which is a function of its stream gives the
     *     missing answers that it would have given at first
     * @param teacher who scores what has no score; null for nobody
     * @return one per prompt, in order
     */
    public List<Elicited> answers(AnswerSampler sampler, @Nullable Scorer teacher) {
        List<Elicited> rows = isAnswered() ? with(List.of()) : with(drafts(sampler));
        return teacher == null ? rows : scored(rows, teacher);
    }

    /** What is known, else what these say. */
    List<Elicited> with(List<Elicited> others) {
        List<Elicited> rows = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            Elicited row = known.get(i);
            rows.add(row != null ? row : others.get(i));
        }
        return rows;
    }

    private List<Elicited> drafts(AnswerSampler sampler) {
        List<List<Completion>> sampled = sampler.sample(prompts, stream);
        if (sampled.size() != prompts.size()) {
            throw new IllegalStateException("sampler: answers to " + sampled.size()
                    + " prompts, must be one list per prompt: " + prompts.size());
        }
        List<Elicited> drafts = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            drafts.add(new Elicited(
                    prompts.get(i),
                    sampled.get(i).stream().map(AnswerBatch::unscored).toList()));
        }
        return drafts;
    }

    private static ScoredAnswer unscored(Completion completion) {
        return new ScoredAnswer(
                completion.text(),
                completion.finishReason() == FinishReason.STOP,
                Score.unscored(completion.text().isBlank() ? "empty answer" : "the teacher was not asked"));
    }

    /**
     * Rows with scores for the answers that had none.
     *
     * @throws ai.preceptor.data.ScorerException if the teacher could score nothing
     */
    static List<Elicited> scored(List<Elicited> rows, Scorer teacher) {
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

    /** The batch for another process. */
    public byte[] toBytes() {
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        lines.add(Map.of(STREAM, stream));
        for (int i = 0; i < prompts.size(); i++) {
            Map<String, @Nullable Object> line =
                    new LinkedHashMap<>(RowBytes.PROMPTS.row().apply(prompts.get(i)));
            Elicited row = known.get(i);
            line.put(KNOWN, row == null ? null : ROWS.row(0, row));
            lines.add(line);
        }
        return RowBytes.lines(lines);
    }

    /**
     * The batch of {@link #toBytes}.
     *
     * @throws DataException if the bytes are something else
     */
    public static AnswerBatch of(byte[] bytes) {
        List<JsonNode> lines = RowBytes.objects(bytes);
        if (lines.isEmpty() || !lines.get(0).path(STREAM).isIntegralNumber()) {
            throw new DataException("batch of prompts: expected its number first");
        }
        List<Prompt> prompts = new ArrayList<>();
        List<@Nullable Elicited> known = new ArrayList<>();
        for (JsonNode line : lines.subList(1, lines.size())) {
            Prompt prompt = prompt(line);
            prompts.add(prompt);
            known.add(line.path(KNOWN).isObject() ? ROWS.elicited(prompt, line.path(KNOWN)) : null);
        }
        return new AnswerBatch(prompts, known, lines.get(0).path(STREAM).longValue());
    }

    private static Prompt prompt(JsonNode line) {
        try {
            return RowBytes.PROMPTS.reader().read(line);
        } catch (RowException e) {
            throw new DataException("batch of prompts: " + e.reason(), e);
        }
    }

    /** A batch's answers for another process: all that a ledger keeps of them. */
    public static byte[] answersToBytes(List<Elicited> rows) {
        return RowBytes.lines(rows.stream().map(row -> ROWS.row(0, row)).toList());
    }

    /**
     * The answers of {@link #answersToBytes}.
     *
     * @throws DataException if the bytes are something else
     */
    public static List<Elicited> answersOf(byte[] bytes) {
        return RowBytes.objects(bytes).stream()
                .map(line -> ROWS.elicited(prompt(line), line))
                .toList();
    }
}
