package ai.preceptor.bench;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.distill.DistillationLoss;
import ai.preceptor.distill.DistillationPass;
import ai.preceptor.distill.Divergence;
import ai.preceptor.distill.LossTokens;
import ai.preceptor.distill.SftObjective;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.model.OptimizedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Steps of supervised fine-tuning or of distillation by forward KL on the chosen answers of real pairs, bare of run directory
 * and console. The teacher of the latter runs beside the student.
 *
 * <pre>
 * java -cp ... ai.preceptor.bench.DistillStepBench task=sft|forward_kl model=DIR data=PAIRS.jsonl.gz [teacher=DIR] [rows=24]
 *     [batch=4] [dtype=bfloat16] [threads=0] [max_length=512] [chunk_size=256]
 *     [profile=FILE.json]
 * </pre>
 */
public final class DistillStepBench {
    private DistillStepBench() {}

    /** Runs the benchmark. */
    public static void main(String[] words) {
        Arguments arguments = new Arguments(words);
        Path directory = Path.of(arguments.text("model"));
        Path teacher = Path.of(arguments.text("teacher", directory.toString()));
        Precision precision =
                Precision.valueOf(arguments.text("dtype", "bfloat16").toUpperCase(Locale.ROOT));
        String profile = arguments.text("profile", "");
        boolean sft = arguments.text("task", "sft").equals("sft");
        TrainConfig config = TrainConfig.builder()
                .batchSize(arguments.number("batch", 4))
                .maxLength(arguments.number("max_length", 512))
                .build();
        try (Torch torch = Torch.open("cpu", arguments.number("threads", 0));
                Tokenizer tokenizer = Tokenizer.load(directory);
                LanguageModel student = LanguageModel.load(torch, directory, new LoadOptions(precision, true));
                OptimizedModel trained = OptimizedModel.of(student, new ModelFiles(directory), config)) {
            TemplateEncoder encoder = TemplateEncoder.load(directory, tokenizer, Boundary.MOVE);
            List<Demonstration> rows = rows(arguments);
            if (sft) {
                TrainingSteps.run(
                        rows,
                        new ObjectivePass<>(trained, encoder, new SftObjective(), null),
                        trained,
                        config,
                        "sft",
                        profile);
                return;
            }
            int chunk = arguments.number("chunk_size", 256);
            DistillationLoss loss =
                    new DistillationLoss(List.of(new DistillationLoss.Part(Divergence.forwardKl(), 1)), 0, 1, chunk);
            try (LanguageModel other = LanguageModel.load(torch, teacher, new LoadOptions(precision, false))) {
                List<TokenRow> encoded = rows.stream()
                        .map(row -> LossTokens.COMPLETION.encode(row, encoder))
                        .toList();
                DistillationPass pass =
                        new DistillationPass(student, (some, batch, layers) -> other.teach(batch, layers), loss);
                TrainingSteps.run(encoded, pass, trained, config, "forward-kl", profile);
            }
        }
    }

    private static List<Demonstration> rows(Arguments arguments) {
        return Datasets.preferences(Path.of(arguments.text("data")), arguments.number("rows", 24), OnBadRow.FAIL)
                .rows()
                .stream()
                .map(pair -> new Demonstration(pair.prompt(), pair.chosen()))
                .toList();
    }
}
