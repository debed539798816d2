package ai.preceptor.bench;

import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.group.GroupObjective;
import ai.preceptor.ranking.group.ProLoss;
import ai.preceptor.ranking.group.RrhfLoss;
import ai.preceptor.reward.BradleyTerryLoss;
import ai.preceptor.reward.BradleyTerryObjective;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.RewardObjectivePass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.model.OptimizedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Steps of a reward model on pairs, or of RRHF or PRO on ranked groups with the same number of answers, bare of run
 * directory and console.
 *
 * <pre>
 * java -cp ... ai.preceptor.bench.PreferenceStepBench task=reward model=DIR data=PAIRS.jsonl.gz [rows=24] [batch=4]
 *     [dtype=bfloat16] [threads=0] [max_length=512] [profile=FILE.json]
 * java -cp ... ai.preceptor.bench.PreferenceStepBench task=rrhf|pro model=DIR data=RANKED.jsonl.gz [answers=5] [rows=12]
 *     [batch=2] ...
 * </pre>
 */
public final class PreferenceStepBench {
    private final Arguments arguments;
    private final TrainConfig config;

    private PreferenceStepBench(Arguments arguments, TrainConfig config) {
        this.arguments = arguments;
        this.config = config;
    }

    /** Runs the benchmark. */
    public static void main(String[] words) {
        Arguments arguments = new Arguments(words);
        String task = arguments.text("task");
        TrainConfig config = TrainConfig.builder()
                .batchSize(arguments.number("batch", task.equals("reward") ? 4 : 2))
                .maxLength(arguments.number("max_length", 512))
                .build();
        Path directory = Path.of(arguments.text("model"));
        PreferenceStepBench bench = new PreferenceStepBench(arguments, config);
        try (Torch torch = Torch.open("cpu", arguments.number("threads", 0));
                Tokenizer tokenizer = Tokenizer.load(directory)) {
            TemplateEncoder encoder = TemplateEncoder.load(directory, tokenizer, Boundary.MOVE);
            switch (task) {
                case "reward" -> bench.reward(torch, directory, encoder);
                case "rrhf" -> bench.ranked(torch, directory, encoder, RrhfLoss.paper());
                case "pro" -> bench.ranked(torch, directory, encoder, ProLoss.paper());
                default -> throw new IllegalArgumentException("task: expected reward, rrhf or pro, found " + task);
            }
        }
    }

    private LoadOptions options() {
        return new LoadOptions(
                Precision.valueOf(arguments.text("dtype", "bfloat16").toUpperCase(Locale.ROOT)), true);
    }

    private String profile() {
        return arguments.text("profile", "");
    }

    private Path data() {
        return Path.of(arguments.text("data"));
    }

    private void reward(Torch torch, Path directory, TemplateEncoder encoder) {
        var rows = Datasets.preferences(data(), arguments.number("rows", 24), OnBadRow.FAIL)
                .rows();
        try (RewardBackbone model = RewardBackbone.load(torch, directory, options(), HeadInit.ZEROS, 0);
                OptimizedModel trained = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            BradleyTerryObjective objective = new BradleyTerryObjective(new BradleyTerryLoss(0));
            TrainingSteps.run(
                    rows, new RewardObjectivePass<>(trained, encoder, objective), trained, config, "reward", profile());
        }
    }

    private void ranked(Torch torch, Path directory, TemplateEncoder encoder, GroupLoss loss) {
        int answers = arguments.number("answers", 5);
        List<RankedGroup> rows = Datasets.rankedGroups(data(), Integer.MAX_VALUE, OnBadRow.FAIL).rows().stream()
                .filter(row -> row.size() == answers)
                .limit(arguments.number("rows", 12))
                .toList();
        try (LanguageModel model = LanguageModel.load(torch, directory, options());
                OptimizedModel trained = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            GroupObjective<RankedGroup> objective = GroupObjective.ofGroups(loss);
            TrainingSteps.run(
                    rows,
                    new ObjectivePass<>(trained, encoder, objective, null),
                    trained,
                    config,
                    loss.name(),
                    profile());
        }
    }
}
