package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.data.source.Repeats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
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
    private final AnswerBatch.Answering answering;
    private final boolean scored;
    private final @Nullable Scorer teacher;
    private final int promptsPerBatch;

    private AnswerCollector(
            AnswerBatch.Answering answering, boolean scored, @Nullable Scorer teacher, int promptsPerBatch) {
        if (promptsPerBatch < 1) {
            throw new IllegalArgumentException("prompts per batch: " + promptsPerBatch + ", must be at least 1");
        }
        this.answering = answering;
        this.scored = scored;
        this.teacher = teacher;
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
        return new AnswerCollector(
                here(batch -> batch.answers(sampler, teacher)), teacher != null, null, promptsPerBatch);
    }

    /**
     * One that scores answers which are there, of several students for example.
     *
     * @param answers of {@link PooledAnswers#pooled}, one per prompt of {@link #collect}, in the same order
     */
    public static AnswerCollector scoring(Scorer teacher, List<Elicited> answers, int promptsPerBatch) {
        List<Elicited> kept = LazyRows.copyOf(answers);
        return new AnswerCollector(
                here(batch -> {
                    int from = Math.toIntExact(batch.stream() * promptsPerBatch);
                    List<Elicited> own =
                            kept.subList(from, from + batch.prompts().size());
                    return AnswerBatch.scored(batch.with(own), teacher);
                }),
                true,
                null,
                promptsPerBatch);
    }

    /**
     * One that has others answer, several batches at a time perhaps.
     *
     * @param answering who answers
     * @param scored whether they score too
     * @param teacher who scores here what they answered; null for nobody. Stays its owner's to close
     * @throws IllegalArgumentException if {@code promptsPerBatch} is below 1
     */
    public static AnswerCollector answeredBy(
            AnswerBatch.Answering answering, boolean scored, @Nullable Scorer teacher, int promptsPerBatch) {
        return new AnswerCollector(answering, scored, teacher, promptsPerBatch);
    }

    private static AnswerBatch.Answering here(Function<AnswerBatch, List<Elicited>> answers) {
        return (batches, answered) -> batches.forEachRemaining(batch -> answered.accept(answers.apply(batch)));
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
        Batches run = new Batches(prompts, occurrences, ledger, progress);
        answering.run(run, run::take);
        run.takeAnswered();
        List<Prompt> asked = LazyRows.copyOf(prompts);
        return new CollectedAnswers(
                new LazyRows<>(asked.size(), i -> recorded(ledger, asked.get(i), occurrences[i])), run.resumed);
    }

    private static Elicited recorded(Ledger ledger, Prompt prompt, int occurrence) {
        Elicited row = ledger.find(prompt, occurrence);
        if (row == null) {
            throw new IllegalStateException("ledger: has no record of a prompt that was added: " + prompt.text());
        }
        return row;
    }

    /** The batches of one call: those that are to be answered, in order, and what becomes of their answers. */
    private final class Batches implements Iterator<AnswerBatch> {
        private final List<Prompt> prompts;
        private final int[] occurrences;
        private final Ledger ledger;
        private final PromptProgress progress;
        /** Begun and not in the ledger yet; between those that are answered elsewhere are some of which the ledger has all. */
        private final Deque<AnswerBatch> begun = new ArrayDeque<>();

        private @Nullable AnswerBatch next;
        private int read;
        private int done;
        private int resumed;

        Batches(List<Prompt> prompts, int[] occurrences, Ledger ledger, PromptProgress progress) {
            this.prompts = prompts;
            this.occurrences = occurrences;
            this.ledger = ledger;
            this.progress = progress;
        }

        @Override
        public boolean hasNext() {
            while (next == null && read < prompts.size()) {
                AnswerBatch batch = read();
                begun.add(batch);
                if (isOpen(batch)) {
                    next = batch;
                } else if (begun.size() == 1) {
                    takeAnswered();
                }
            }
            return next != null;
        }

        @Override
        public AnswerBatch next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            AnswerBatch batch = Objects.requireNonNull(next);
            next = null;
            return batch;
        }

        private AnswerBatch read() {
            int from = read;
            read = Math.min(prompts.size(), from + promptsPerBatch);
            List<@Nullable Elicited> known = new ArrayList<>();
            for (int i = from; i < read; i++) {
                Elicited found = ledger.find(prompts.get(i), occurrences[i]);
                resumed += found == null ? 0 : 1;
                known.add(found);
            }
            return new AnswerBatch(prompts.subList(from, read), known, from / promptsPerBatch);
        }

        private boolean isOpen(AnswerBatch batch) {
            return !batch.isAnswered() || (scored && batch.wantsScores());
        }

        /** Takes the answers of the first batch that was begun and is open. */
        void take(List<Elicited> answers) {
            takeAnswered();
            take(begun.remove(), answers);
        }

        /** Takes what the ledger has all of, up to the first batch that is open. */
        void takeAnswered() {
            while (!begun.isEmpty() && !isOpen(begun.getFirst())) {
                AnswerBatch batch = begun.remove();
                take(batch, batch.with(List.of()));
            }
        }

        private void take(AnswerBatch batch, List<Elicited> answers) {
            List<Elicited> rows = teacher == null ? answers : AnswerBatch.scored(answers, teacher);
            for (int i = 0; i < rows.size(); i++) {
                Elicited row = new Elicited(batch.prompts().get(i), rows.get(i).answers());
                if (!row.equals(batch.known().get(i))) {
                    ledger.add(occurrences[done + i], row);
                }
            }
            ledger.flush();
            done += rows.size();
            progress.at(done, prompts.size());
        }
    }
}
