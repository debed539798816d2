package ai.preceptor.distill;

import ai.preceptor.data.setting.Range;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.train.learners.DividedRows;
import ai.preceptor.train.learners.SharedRows;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.StepRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Rows of which some answers were just sampled from the student: the on-policy part of generalized knowledge
 * distillation.
 *
 * <p>With probability {@code lmbda} a micro-batch keeps its prompts and gets the student's own answers, drawn with the weights
 * it has when the step begins; else it stays as it is. With several answers to each prompt it becomes as many
 * micro-batches, of one answer to each prompt, so that memory stays what it was. Agarwal et al. 2024, arXiv:2306.13649, algorithm 1; TRL's {@code lmbda},
 * decided as there for a micro-batch at a time. Which ones, and the draws, are a function of seed and step, so a resumed run
 * equals one that was not stopped.
 */
public final class OnPolicyRows implements DividedRows<TokenRow> {

    private final RowSource<TokenRow> rows;
    private final Sampler student;
    private final double lmbda;
    private final int numGenerations;
    private final long seed;
    private final Collective learners;

    /** Answers prompts. */
    @FunctionalInterface
    public interface Sampler {
        /**
         * @param prompts token ids of each
         * @param count answers to each
         * @param seed of the draws
         * @return for each prompt the token ids of its answers, at least one token each
         */
        List<List<int[]>> answers(List<int[]> prompts, int count, long seed);

        /** Tells how many steps the student's weights have made, before it is asked with them; by default of no interest. */
        default void weightsOf(int step) {}
    }

    /**
     * The room for the student's own answers.
     *
     * @param answer most tokens of one, {@code max_new_tokens}; an answer ends where the student's context does
     * @param maxLength most tokens of a prompt with its answer, as the student and as teachers see it
     * @param student tokens that the student can read
     * @param teachers tokens that each teacher can read
     * @param selected whether each row has a teacher of its own, so that the others do not see it
     */
    public record Room(int answer, int maxLength, int student, List<Integer> teachers, boolean selected) {
        /** Copies the list. */
        public Room {
            teachers = List.copyOf(teachers);
        }

        /**
         * Refuses a row without a prompt, or with one that leaves no room.
         *
         * @throws EncodingException with the tokens that it has and that it may have
         */
        public void require(TokenRow row) {
            int own = row.asked().length;
            if (own == 0) {
                throw new EncodingException(
                        "prompt: expected at least 1 token for the student to answer (lmbda above 0), found none");
            }
            int longest = Math.min(answer, student - own);
            require(own, Math.max(1, longest), student, "the student");
            for (int i = 0; i < teachers.size(); i++) {
                if (!selected || row.view().teacher() == i) {
                    require(row.seenBy(i).asked().length, longest, teachers.get(i), "teacher " + i);
                }
            }
        }

        private void require(int prompt, int longest, int context, String who) {
            int most = Math.min(maxLength, context) - longest;
            if (prompt > most) {
                throw new EncodingException("prompt: expected at most " + most + " tokens as " + who
                        + " sees it, what max_length " + maxLength + " or its context " + context
                        + " leaves after an answer of the student's own of " + longest
                        + " tokens (max_new_tokens), found " + prompt);
            }
        }
    }

    /**
     * @param rows prompts, with answers for the other micro-batches
     * @param lmbda share of micro-batches the student answers itself, in [0, 1]
     * @param numGenerations answers that it writes to each prompt, 1 or more
     * @throws IllegalArgumentException unless both are in their range
     */
    public OnPolicyRows(RowSource<TokenRow> rows, Sampler student, double lmbda, int numGenerations, long seed) {
        this(rows, student, lmbda, numGenerations, seed, Collective.single());
    }

    private OnPolicyRows(
            RowSource<TokenRow> rows,
            Sampler student,
            double lmbda,
            int numGenerations,
            long seed,
            Collective learners) {
        this.learners = learners;
        Range.require("lmbda", lmbda, "[0, 1]");
        Range.require("num_generations", numGenerations, "[1, inf)");
        this.rows = rows;
        this.student = student;
        this.lmbda = lmbda;
        this.numGenerations = numGenerations;
        this.seed = seed;
    }

    /** Each learner answers the prompts of every so manyth micro-batch, as one learner would answer them. */
    @Override
    public RowSource<TokenRow> of(Collective others) {
        return new OnPolicyRows(rows, student, lmbda, numGenerations, seed, others);
    }

    @Override
    public StepRows<TokenRow> at(int step) {
        StepRows<TokenRow> given = rows.at(step);
        // not the golden gamma, by which the generator itself goes on: steps would repeat each other's draws
        SplittableRandom random = new SplittableRandom(seed + 0xD1342543DE82EF95L * (step + 1));
        List<MicroBatch<TokenRow>> batches = new ArrayList<>();
        for (int i = 0; i < given.microBatches().size(); i++) {
            MicroBatch<TokenRow> batch = given.microBatches().get(i);
            boolean own = random.nextDouble() < lmbda;
            long draws = random.nextLong();
            if (i % learners.world() != learners.rank()) {
                continue;
            }
            if (own) {
                student.weightsOf(step);
                batches.addAll(answered(batch, draws));
            } else {
                batches.add(batch);
            }
        }
        return new StepRows<>(batches, given.epoch(), given.isExhausted());
    }

    private List<MicroBatch<TokenRow>> answered(MicroBatch<TokenRow> batch, long draws) {
        List<int[]> prompts = batch.rows().stream().map(TokenRow::asked).toList();
        List<List<int[]>> answers = student.answers(prompts, numGenerations, draws);
        List<MicroBatch<TokenRow>> fresh = new ArrayList<>();
        for (int generation = 0; generation < numGenerations; generation++) {
            List<TokenRow> rows = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                rows.add(batch.rows().get(i).answered(answers.get(i).get(generation)));
            }
            fresh.add(new MicroBatch<>(rows, batch.positions()));
        }
        return fresh;
    }

    @Override
    public int stepsPerEpoch() {
        return rows.stepsPerEpoch();
    }

    @Override
    public Map<String, String> identity() {
        return learners.world() == 1 ? rows.identity() : new SharedRows<>(rows, learners).identity();
    }

    @Override
    public void saveState(Path checkpoint) {
        rows.saveState(checkpoint);
    }

    @Override
    public void loadState(Path checkpoint) {
        rows.loadState(checkpoint);
    }
}
