package ai.preceptor.distill;

import ai.preceptor.data.setting.Range;
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
 * it has when the step begins; else it stays as it is. Agarwal et al. 2024, arXiv:2306.13649, algorithm 1; TRL's {@code lmbda},
 * decided as there for a micro-batch at a time. Which ones, and the draws, are a function of seed and step, so a resumed run
 * equals one that was not stopped.
 */
public final class OnPolicyRows implements RowSource<TokenRow> {

    private final RowSource<TokenRow> rows;
    private final Sampler student;
    private final double lmbda;
    private final long seed;

    /** Answers prompts. */
    @FunctionalInterface
    public interface Sampler {
        /**
         * @param prompts token ids of each
         * @param seed of the draws
         * @return token ids of one answer each, at least one token
         */
        List<int[]> answers(List<int[]> prompts, long seed);
    }

    /**
     * @param rows prompts, with answers for the other micro-batches
     * @param lmbda share of micro-batches the student answers itself, in [0, 1]
     * @throws IllegalArgumentException unless {@code lmbda} is in its range
     */
    public OnPolicyRows(RowSource<TokenRow> rows, Sampler student, double lmbda, long seed) {
        Range.require("lmbda", lmbda, "[0, 1]");
        this.rows = rows;
        this.student = student;
        this.lmbda = lmbda;
        this.seed = seed;
    }

    @Override
    public StepRows<TokenRow> at(int step) {
        StepRows<TokenRow> given = rows.at(step);
        // not the golden gamma, by which the generator itself goes on: steps would repeat each other's draws
        SplittableRandom random = new SplittableRandom(seed + 0xD1342543DE82EF95L * (step + 1));
        List<MicroBatch<TokenRow>> batches = new ArrayList<>();
        for (MicroBatch<TokenRow> batch : given.microBatches()) {
            boolean own = random.nextDouble() < lmbda;
            long draws = random.nextLong();
            batches.add(own ? new MicroBatch<>(answered(batch.rows(), draws), batch.positions()) : batch);
        }
        return new StepRows<>(batches, given.epoch());
    }

    private List<TokenRow> answered(List<TokenRow> batch, long draws) {
        List<int[]> prompts = batch.stream().map(TokenRow::prompt).toList();
        List<int[]> answers = student.answers(prompts, draws);
        List<TokenRow> fresh = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            fresh.add(TokenRow.learnt(prompts.get(i), answers.get(i)));
        }
        return fresh;
    }

    @Override
    public int stepsPerEpoch() {
        return rows.stepsPerEpoch();
    }

    @Override
    public Map<String, String> identity() {
        return rows.identity();
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
