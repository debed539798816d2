package ai.preceptor.quickstart;

import ai.preceptor.data.Demonstration;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.schedule.LrSchedulerType;
import java.util.List;

/**
 * How one of the models is made.
 *
 * @param name of its directory
 * @param context most tokens that it reads and writes
 * @param size its sizes
 * @param source of its rows
 * @param rows answers it learns from
 * @param epochs passes over them
 * @param batchSize answers a step
 * @param learningRate peak, reached by 5 % of the run and lost again along a cosine
 * @param seed of its first weights, its rows and their order
 */
record ModelRecipe(
        String name,
        int context,
        ModelSize size,
        Rows source,
        int rows,
        double epochs,
        int batchSize,
        double learningRate,
        long seed) {
    private static final int JUDGE_ROWS = Integer.getInteger("judge.rows", 48_000);

    /** Draws rows to learn from. */
    interface Rows {
        List<Demonstration> of(World world, int count);
    }

    /** The teacher: it has seen good answers only. */
    static ModelRecipe teacher() {
        return new ModelRecipe(
                "teacher",
                EmbeddedRecipe.CONTEXT,
                new ModelSize(4, 128, 352, 4, 2),
                answers(1),
                24_000,
                3,
                32,
                2e-3,
                11);
    }

    /** The student: smaller, and brought up on answers of which three in four are flawed. */
    static ModelRecipe student() {
        return new ModelRecipe(
                "student",
                EmbeddedRecipe.CONTEXT,
                new ModelSize(2, 128, 352, 4, 2),
                answers(0.25),
                36_000,
                4,
                32,
                3e-3,
                12);
    }

    /** The judge: a model of the teacher's size that has seen questions about answers, with the rule's verdicts. */
    static ModelRecipe judge() {
        return new ModelRecipe(
                "judge",
                2 * EmbeddedRecipe.CONTEXT,
                new ModelSize(4, 128, 352, 4, 2),
                (world, count) -> JudgeRows.of(world, count / JudgeRows.PER_INSTRUCTION, new Dice(13)),
                JUDGE_ROWS,
                3,
                32,
                2e-3,
                13);
    }

    private static Rows answers(double goodShare) {
        return (world, count) -> world.demonstrations(count, goodShare);
    }

    TrainConfig training() {
        return TrainConfig.builder()
                .batchSize(batchSize)
                .numTrainEpochs(epochs)
                .learningRate(learningRate)
                .lrSchedulerType(LrSchedulerType.COSINE)
                .warmupRatio(0.05)
                .weightDecay(0.01)
                .adamBeta2(0.98)
                .maxLength(context)
                .loggingSteps(100)
                .seed(seed)
                .build();
    }
}
