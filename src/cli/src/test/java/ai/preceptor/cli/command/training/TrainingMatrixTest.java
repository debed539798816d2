package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.Preceptor;
import ai.preceptor.RankOptions;
import ai.preceptor.Student;
import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.group.GroupObjective;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Objective;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.schedule.LrSchedulerType;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every method of {@code rank}, whole and by LoRA, in float32 and bfloat16, accumulated or not, from YAML and from Java. */
class TrainingMatrixTest {
    private static final int STEPS = 3;

    /** Matrix products in bfloat16 leave about two digits; this random model's losses move by more within a run. */
    private static final double BFLOAT16 = 0.02;
    /** Its weights jump where two answers change places, which rounding decides when they are close. */
    private static final double BFLOAT16_OF_RANKS = 0.1;

    @TempDir
    Path directory;

    /**
     * In bfloat16 the curve is the float32 one's within 2 % of the loss (10 % where ranks are compared), or of 1 where it is
     * smaller; accumulated it is the same to 1e-3, but for the methods that compare the rows of a micro-batch.
     */
    @ParameterizedTest
    @CsvSource({
        "sigmoid, pairs.jsonl, true, beta: 0.1",
        "ipo, pairs.jsonl, true, beta: 0.5",
        "apo_down, pairs.jsonl, true, beta: 0.1",
        "'[sigmoid, sft]', ranked.jsonl, true, 'loss_weights: [1, 0.2]'",
        "aot, pairs.jsonl, false, beta: 0.1",
        "kto, pairs.jsonl, false, beta: 0.1",
        "bco, ranked.jsonl, false, beta: 0.1",
        "cpo, pairs.jsonl, true, beta: 0.05",
        "simpo, pairs.jsonl, true, beta: 2",
        "alphapo, pairs.jsonl, true, alpha: 0.1",
        "orpo, ranked.jsonl, true, beta: 0.1",
        "rrhf, ranked.jsonl, true, rrhf_weight: 1",
        "pro, ranked.jsonl, true, sft_weight: 0.05",
        "listmle, ranked.jsonl, true, beta: 0.1",
        "plackett_luce, ranked.jsonl, true, beta: 0.1",
        "lambda_rank, ranked.jsonl, true, beta: 0.5"
    })
    void rank_inBfloat16_followsItsFloat32Curve(String lossType, String rows, boolean splits, String setting)
            throws IOException {
        double rounding = lossType.equals("lambda_rank") ? BFLOAT16_OF_RANKS : BFLOAT16;
        for (String adapter : List.of("", "lora_r: 4")) {
            List<String> method = List.of("loss_type: " + lossType, "data: " + Golden.file(rows), setting, adapter);
            List<Double> exact = losses(method, "float32", 2, 1);
            assertThat(exact).as("a curve that moves").doesNotHaveDuplicates();
            if (splits) {
                follows(losses(method, "bfloat16", 1, 2), exact, rounding, adapter + " accumulated, bfloat16");
            } else {
                follows(losses(method, "bfloat16", 2, 1), exact, rounding, adapter + " bfloat16");
            }
            if (splits && adapter.isEmpty()) {
                follows(losses(method, "float32", 1, 2), exact, 1e-3, "accumulated");
            } else if (!splits) {
                assertThat(losses(method, "bfloat16", 1, 2)).as("accumulated").allMatch(Double::isFinite);
            }
        }
    }

    private static void follows(List<Double> found, List<Double> expected, double tolerance, String how) {
        assertThat(found).hasSize(STEPS);
        for (int i = 0; i < STEPS; i++) {
            double loss = expected.get(i);
            assertThat(found.get(i))
                    .as("%s, step %d", how, i + 1)
                    .isCloseTo(loss, within(tolerance * Math.max(1, Math.abs(loss))));
        }
    }

    private List<Double> losses(List<String> method, String dtype, int batch, int accumulation) throws IOException {
        List<String> lines = new ArrayList<>(method);
        lines.addAll(List.of(
                "model: " + Golden.dir("tiny-chat"),
                "dtype: " + dtype,
                "batch_size: " + batch,
                "gradient_accumulation_steps: " + accumulation,
                "max_steps: " + STEPS,
                "learning_rate: 3e-4",
                "lr_scheduler_type: constant",
                "shuffle: false",
                "save_steps: 0",
                "threads: 1"));
        Path yaml = Files.write(Files.createTempFile(directory, "rank", ".yaml"), lines);
        Path output = Files.createTempDirectory(directory, "run");
        CommandRun run = CommandRun.of("rank", yaml.toString(), "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(output.resolve("metrics.jsonl"))) {
            losses.add(new ObjectMapper().readTree(line).path("loss").doubleValue());
        }
        return losses;
    }

    /** The library does what the command does, to the last digit that is written. */
    @ParameterizedTest
    @CsvSource({"sigmoid, BFLOAT16, 4", "rrhf, FLOAT32, 4", "simpo, BFLOAT16, 0", "plackett_luce, BFLOAT16, 4"})
    void rank_fromJava_equalsTheCommand(String lossType, Precision precision, int rank) throws IOException {
        Path pairs = Golden.file("pairs.jsonl");
        String adapter = rank == 0 ? "" : "lora_r: " + rank;
        List<Double> expected = losses(
                List.of("loss_type: " + lossType, "data: " + pairs, adapter),
                precision.name().toLowerCase(Locale.ROOT),
                1,
                2);
        RankMethod method = Settings.of(RankConfig.class)
                .with("model", Golden.dir("tiny-chat"))
                .with("data", pairs)
                .with("loss_type", List.of(lossType))
                .read()
                .losses()
                .method();
        Objective<Preference> objective = method instanceof RankMethod.Pairs of
                ? PairObjective.ofPreferences(of.loss(), of.options())
                : GroupObjective.ofPreferences(((RankMethod.Groups) method).loss());
        List<Double> found = new ArrayList<>();
        train(objective, precision, rank, new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                found.add(((Number) step.row().get("loss")).doubleValue());
            }
        });
        follows(found, expected, 1e-6, "from Java");
    }

    private static void train(Objective<Preference> objective, Precision precision, int rank, TrainListener listener) {
        TrainConfig config = TrainConfig.builder()
                .batchSize(1)
                .gradientAccumulationSteps(2)
                .maxSteps(STEPS)
                .learningRate(3e-4)
                .lrSchedulerType(LrSchedulerType.CONSTANT)
                .maxLength(1024)
                .shuffle(false)
                .build();
        LoadOptions plain = new LoadOptions(precision, true);
        LoadOptions trained = rank == 0 ? plain : plain.withLora(LoraConfig.of(rank, 32), 42);
        Path model = Golden.dir("tiny-chat");
        List<Preference> rows = Datasets.preferences(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL)
                .rows();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(model, RankOptions.load(model, trained, objective))) {
            student.rank(
                    rows,
                    List.of(),
                    objective,
                    RankOptions.STANDARD,
                    config,
                    LoopSetting.of(RunStore.none(), new Interrupt(), listener));
        }
    }
}
