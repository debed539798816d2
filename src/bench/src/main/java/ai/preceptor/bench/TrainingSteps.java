package ai.preceptor.bench;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.Trainable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Training steps bare of run directory and console, one after the other over rows in their order, each timed. */
final class TrainingSteps {
    private static final double LEARNING_RATE = 1e-5;
    private static final int WARM_UP = 2;

    private TrainingSteps() {}

    /**
     * Prints a line for each step, and at the end the line of JSON that {@link SideBySide} reads.
     *
     * @param profile where the trace of one more step goes, whose operators are then printed; empty for none
     * @param rows at least two steps of them more than are dropped as warm-up; an incomplete last step is left out
     */
    static <R> void run(List<R> rows, Pass<R> pass, Trainable model, TrainConfig config, String name, String profile) {
        List<Double> seconds = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        int size = config.batchSize();
        for (int from = 0; from + size <= rows.size(); from += size) {
            double used = processorSeconds();
            Step step = step(rows.subList(from, from + size), pass, model, config);
            processor.add(processorSeconds() - used);
            seconds.add(step.passSeconds() + step.optimizerSeconds());
            System.out.printf(
                    Locale.ROOT,
                    "step %d: %d rows, %d targets, loss %.6f, grad_norm %.3f, %.3f s, of them %.3f s the optimizer's%n",
                    seconds.size(),
                    step.rows(),
                    step.targets(),
                    step.loss(),
                    step.gradNorm(),
                    seconds.get(seconds.size() - 1),
                    step.optimizerSeconds());
        }
        if (!profile.isEmpty()) {
            OperatorProfile.record(Path.of(profile), () -> step(rows.subList(0, size), pass, model, config))
                    .print(System.out);
        }
        System.out.printf(
                Locale.ROOT,
                "{\"run\": \"preceptor-%s\", \"median_step_s\": %.3f, \"median_step_cpu_s\": %.2f, \"peak_rss_mib\": %d}%n",
                name,
                Medians.steady(seconds, WARM_UP),
                Medians.steady(processor, WARM_UP),
                ProcessMemory.peakMib(ProcessHandle.current().pid()));
    }

    private record Step(
            int rows, int targets, double loss, double gradNorm, double passSeconds, double optimizerSeconds) {}

    private static <R> Step step(List<R> rows, Pass<R> pass, Trainable model, TrainConfig config) {
        long began = System.nanoTime();
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> pass.pack(row, builder));
        PackedBatch batch = builder.build();
        int targets = batch.targets().length;
        double loss = pass.run(rows, batch, new Totals(rows.size(), targets)).loss();
        long passed = System.nanoTime();
        double norm = model.step(LEARNING_RATE, config.maxGradNorm());
        return new Step(
                batch.rows(), targets, loss, norm, (passed - began) * 1e-9, (System.nanoTime() - passed) * 1e-9);
    }

    /** Of all cores and threads since the process began; where other work runs too, steadier than the wall clock. */
    private static double processorSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                * 1e-3;
    }
}
