package ai.preceptor.app.console;

import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.TrainSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Shows a training run: a bar with the loss on a terminal, the logged means as lines in a pipe. */
public final class TrainingProgress implements TrainListener {
    private final Terminal terminal;
    private final ProgressLine line;
    private final String name;
    private final List<String> watched;

    /**
     * For one run.
     *
     * @param name of the stage
     * @param watched the objective's metrics worth a place beside the loss; those it does not report are left out
     */
    public TrainingProgress(Terminal terminal, String name, List<String> watched, LongSupplier nanoClock) {
        this.terminal = terminal;
        this.name = name;
        this.watched = List.copyOf(watched);
        this.line = new ProgressLine(terminal, name, nanoClock);
    }

    @Override
    public void onStart(int firstStep, int totalSteps) {
        if (firstStep > 0) {
            line.say(name + ": going on after step " + firstStep + " of " + totalSteps);
        }
    }

    @Override
    public void onStep(StepMetrics step) {
        if (terminal.interactive()) {
            line.update(step.step(), step.totalSteps(), details(step));
        }
    }

    @Override
    public void onLog(StepMetrics mean) {
        if (!terminal.interactive()) {
            String rate = format(" learning_rate %.3g step_time %.2f s", mean.learningRate(), mean.stepTime());
            line.say(name + ": step " + mean.step() + "/" + mean.totalSteps() + " " + details(mean) + rate);
        }
    }

    @Override
    public void onCheckpoint(int step, Path checkpoint) {
        if (!terminal.interactive()) {
            line.say(name + ": saved " + checkpoint);
        }
    }

    @Override
    public void onDone(TrainSummary summary) {
        line.close();
    }

    private String details(StepMetrics step) {
        StringBuilder details = new StringBuilder(format("loss %.4f grad_norm %.4g", step.loss(), step.gradNorm()));
        for (String metric : watched) {
            Double value = step.metrics().get(metric);
            if (value != null) {
                details.append(' ').append(metric).append(format(" %.4g", value));
            }
        }
        return details.toString();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
