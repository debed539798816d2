package ai.preceptor.bench;

import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.MatmulSpeeds;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.optim.AdamW;
import ai.preceptor.lm.optim.AdamWOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Totals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * DPO steps on real pairs, bare of run directory and console: seconds a step, and the share of the processor's own
 * matmul peak that the step's indispensable operations reach, peak and step measured in the same run.
 *
 * <pre>
 * ./mvnw -q -Pbench -pl src/bench -am package -DskipTests
 * java -cp ... ai.preceptor.bench.DpoStepBench model=DIR data=PAIRS.jsonl.gz [rows=24] [batch=4] [dtype=bfloat16]
 *     [forward_dtype=float32] [threads=0] [profile=FILE.json]
 * </pre>
 */
public final class DpoStepBench {
    private static final double BETA = 0.1;
    private static final double LEARNING_RATE = 5e-6;
    private static final int WARM_UP = 2;

    private final LanguageModel policy;
    private final LanguageModel reference;
    private final AdamW optimizer;
    private final TemplateEncoder encoder;
    private final PairObjective<Preference> objective = PairObjective.ofPreferences(DpoLoss.sigmoid(BETA));

    private DpoStepBench(LanguageModel policy, LanguageModel reference, AdamW optimizer, TemplateEncoder encoder) {
        this.policy = policy;
        this.reference = reference;
        this.optimizer = optimizer;
        this.encoder = encoder;
    }

    /** Runs the benchmark. */
    public static void main(String[] words) {
        Arguments arguments = new Arguments(words);
        Path directory = Path.of(arguments.text("model"));
        int batch = arguments.number("batch", 4);
        Precision precision =
                Precision.valueOf(arguments.text("dtype", "bfloat16").toUpperCase(Locale.ROOT));
        List<Preference> rows = Datasets.preferences(
                        Path.of(arguments.text("data")), arguments.number("rows", 24), OnBadRow.FAIL)
                .rows();
        Precision forward =
                Precision.valueOf(arguments.text("forward_dtype", "float32").toUpperCase(Locale.ROOT));
        LoadOptions trained = new LoadOptions(precision, true).withForward(forward);
        try (Torch torch = Torch.open("cpu", arguments.number("threads", 0));
                Tokenizer tokenizer = Tokenizer.load(directory);
                LanguageModel policy = LanguageModel.load(torch, directory, trained);
                LanguageModel reference = LanguageModel.load(torch, directory, new LoadOptions(forward, false));
                AdamW optimizer = new AdamW(policy.parameters(), AdamWOptions.DEFAULT)) {
            TemplateEncoder encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
            DpoStepBench bench = new DpoStepBench(policy, reference, optimizer, encoder);
            double peak = MatmulSpeeds.measure(torch, Duration.ofMillis(300)).of(precision);
            bench.measure(rows, batch, peak);
            String profile = arguments.text("profile", "");
            if (!profile.isEmpty()) {
                OperatorProfile.record(Path.of(profile), () -> bench.step(rows.subList(0, batch)))
                        .print(System.out);
            }
        }
    }

    private void measure(List<Preference> rows, int batch, double peak) {
        List<Double> seconds = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (int from = 0; from + batch <= rows.size(); from += batch) {
            Step step = step(rows.subList(from, from + batch));
            seconds.add(step.seconds());
            shares.add(step.flops() / step.seconds() / peak);
            System.out.printf(
                    Locale.ROOT,
                    "step %d: %d rows, loss %.6f, grad_norm %.2f, %.3f s, %.0f%% of matmul peak%n",
                    seconds.size(),
                    step.rows(),
                    step.loss(),
                    step.gradNorm(),
                    step.seconds(),
                    100 * step.flops() / step.seconds() / peak);
        }
        System.out.printf(
                Locale.ROOT,
                "{\"run\": \"preceptor-dpo\", \"median_step_s\": %.3f, \"share_of_matmul_peak\": %.3f,"
                        + " \"matmul_peak_gflops\": %.0f, \"peak_rss_mib\": %d}%n",
                Medians.steady(seconds, WARM_UP),
                Medians.steady(shares, WARM_UP),
                peak * 1e-9,
                ProcessMemory.peakMib(ProcessHandle.current().pid()));
    }

    private record Step(int rows, double loss, double gradNorm, double seconds, double flops) {}

    private Step step(List<Preference> rows) {
        long began = System.nanoTime();
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> objective.pack(row, encoder, builder));
        PackedBatch batch = builder.build();
        float[] frozen = reference.logprobs(batch);
        double loss;
        try (ForwardPass pass = policy.forward(batch)) {
            Totals totals = new Totals(rows.size(), batch.targets().length);
            LossReport report =
                    objective.evaluate(new LossInputs<>(rows, batch.spans(), pass.outputs(), frozen, totals));
            loss = report.loss();
            pass.backward(report.gradient());
        }
        double norm = optimizer.step(LEARNING_RATE, 1);
        double seconds = (System.nanoTime() - began) * 1e-9;
        return new Step(batch.rows(), loss, norm, seconds, new DpoWork(policy.config()).flops(batch));
    }
}
