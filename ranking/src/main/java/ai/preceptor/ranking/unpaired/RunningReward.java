package ai.preceptor.ranking.unpaired;

import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.learners.SharedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The mean reward of all answers trained on so far. What a step adds is kept apart until the loop says that the step is
 * done, so that a step which is broken off leaves nothing behind.
 */
final class RunningReward implements TrainListener, SharedState {

    private static final String FILE = "running_reward.txt";

    private double sum;
    private long count;
    private double stepSum;
    private long stepCount;

    /** The mean, those of the step that is not done included; 0 of none. */
    double mean() {
        long all = count + stepCount;
        return all == 0 ? 0 : (sum + stepSum) / all;
    }

    void observe(double moreSum, int more) {
        stepSum += moreSum;
        stepCount += more;
    }

    @Override
    public void sum(Collective learners) {
        double[] ofStep = {stepSum, stepCount};
        learners.sum(ofStep);
        stepSum = ofStep[0];
        stepCount = (long) ofStep[1];
    }

    @Override
    public void onStep(StepMetrics step) {
        sum += stepSum;
        count += stepCount;
        stepSum = 0;
        stepCount = 0;
    }

    @Override
    public void saveState(Path checkpoint) {
        try {
            Files.writeString(checkpoint.resolve(FILE), sum + " " + count + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        try {
            String[] words = Files.readString(checkpoint.resolve(FILE)).strip().split(" ");
            sum = Double.parseDouble(words[0]);
            count = Long.parseLong(words[1]);
            stepSum = 0;
            stepCount = 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
