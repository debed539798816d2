package ai.preceptor.cli.console;

import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.evaluation.BestModel;
import ai.preceptor.train.evaluation.HeldOutResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Shows a training run: in a pipe a line for every {@code logging_steps} steps, their mean, or for every single step where
 * steps are slow; on a terminal also a bar that follows each step.
 */
public final class TrainingProgress implements TrainListener {
    /** Steps at least this slow each get a line. */
    private static final double SLOW_SECONDS = 1;

    /** What is shown of an evaluation. */
    private static final List<String> EVALUATED = List.of(
            "eval_loss",
            "eval_reward",
            "eval_pass@",
            "eval_best@",
            "eval_objective/kl",
            "eval_completions/mean_length");

    private final Terminal terminal;
    private final ProgressLine line;
    private final String name;
    private final Watched watched;

    /**
     * For one run.
     *
     * @param name of the stage
     * @param watched the objective's metrics to show
     */
    public TrainingProgress(Terminal terminal, String name, Watched watched, LongSupplier nanoClock) {
        this.terminal = terminal;
        this.name = name;
        this.watched = watched;
        this.line = new ProgressLine(terminal, name, nanoClock);
    }

    @Override
    public void onStart(int firstStep, int totalSteps) {
        if (firstStep > 0) {
            line.resume(firstStep);
            line.say(name + ": resuming after step " + firstStep + " of " + totalSteps);
        }
    }

    @Override
    public void onStep(StepMetrics step) {
        if (step.stepTime() >= SLOW_SECONDS) {
            say(step);
        }
        if (terminal.interactive()) {
            line.update(step.step(), step.totalSteps(), details(step));
        }
    }

    @Override
    public void onLog(StepMetrics mean) {
        if (mean.stepTime() < SLOW_SECONDS) {
            say(mean);
        }
    }

    private void say(StepMetrics step) {
        String rate = format(" learning_rate %.3g step_time %.2f s", step.learningRate(), step.stepTime());
        String time = terminal.interactive() ? "" : line.times(step.step(), step.totalSteps()) + " ";
        String told = name + ": step " + step.step() + "/" + step.totalSteps() + " " + time + details(step) + rate;
        line.say(terminal.interactive() ? line.fit(told) : told);
    }

    @Override
    public void onEvaluation(int step, Map<String, Double> values) {
        StringBuilder told = new StringBuilder(name + ": evaluation after step " + step);
        values.forEach((metric, value) -> {
            boolean known =
                    EVALUATED.stream().anyMatch(metric::startsWith) || watched.has(metric.replaceFirst("^eval_", ""));
            if (known) {
                told.append(' ').append(metric).append(format(" %.4g", value));
            }
        });
        line.say(told.toString());
    }

    @Override
    public void onCheckpoint(int step, Path checkpoint) {
        line.say(name + ": saved " + checkpoint);
    }

    @Override
    public void onDone(TrainSummary summary) {
        HeldOutResult heldOut = summary.heldOut();
        if (heldOut != null && heldOut.stoppedEarly()) {
            line.say(name + ": stopped early after step " + summary.steps() + ": no improvement");
        }
        if (heldOut != null && heldOut.best() != null) {
            BestModel best = heldOut.best();
            line.say(name + ": best " + best.metric() + format(" %.4g", best.value()) + " after step " + best.step());
        }
        line.close();
    }

    private String details(StepMetrics step) {
        StringBuilder details = new StringBuilder();
        append(watched.first(), step, details);
        // a loss of about 0, as of advantages that sum to 0, has no sign worth reading
        String loss = format("%.4f", step.loss()).replaceFirst("^-(0\\.0+)$", "$1");
        details.append("loss ").append(loss).append(format(" grad_norm %.4g ", step.gradNorm()));
        append(watched.after(), step, details);
        return details.toString().stripTrailing();
    }

    private static void append(List<String> metrics, StepMetrics step, StringBuilder details) {
        for (String metric : metrics) {
            Double value = step.metrics().get(metric);
            if (value != null) {
                details.append(metric).append(format(" %.4g ", value));
            }
        }
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
