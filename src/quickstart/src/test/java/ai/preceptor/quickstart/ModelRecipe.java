package ai.preceptor.quickstart;

import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.schedule.LrSchedulerType;

/**
 * How one of the models is made.
 *
 * @param name of its directory
 * @param size its sizes
 * @param goodShare share of good answers among those it learns from, 0 to 1
 * @param rows answers it learns from
 * @param epochs passes over them
 * @param batchSize answers a step
 * @param learningRate peak, reached by 5 % of the run and lost again along a cosine
 * @param seed of its first weights, its rows and their order
 */
record ModelRecipe(
        String name,
        ModelSize size,
        double goodShare,
        int rows,
        double epochs,
        int batchSize,
        double learningRate,
        long seed) {

    /** The teacher: it has seen good answers only. */
    static ModelRecipe teacher() {
        return new ModelRecipe("teacher", new ModelSize(4, 128, 352, 4, 2), 1, 24_000, 3, 32, 2e-3, 11);
    }

    /** The student: smaller, and brought up on answers of which three in four are flawed. */
    static ModelRecipe student() {
        return new ModelRecipe("student", new ModelSize(2, 128, 352, 4, 2), 0.25, 36_000, 4, 32, 3e-3, 12);
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
                .maxLength(EmbeddedRecipe.CONTEXT)
                .loggingSteps(100)
                .seed(seed)
                .build();
    }
}
