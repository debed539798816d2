package ai.preceptor.quickstart;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.distill.SftObjective;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.quickstart.BpeTrainer.Bpe;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes everything that is embedded again: prompts, tokenizer, teacher and student. One seed gives the same files on the
 * same kind of processor; it takes a few minutes.
 */
public final class EmbeddedRecipe {
    /** Most tokens of an instruction with its answer. */
    static final int CONTEXT = 128;

    private static final int VOCABULARY = 512;
    private static final int TRAIN_PROMPTS = 512;
    private static final int HELD_OUT_PROMPTS = 240;
    private static final int TEXTS_FOR_TOKENS = 8000;
    private static final long SEED = 1;
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRecipe.class);

    private final Preceptor preceptor;
    private final Path target;
    private final List<Prompt> heldOut;

    EmbeddedRecipe(Preceptor preceptor, Path target) {
        this.preceptor = preceptor;
        this.target = target;
        this.heldOut = new World(SEED).prompts(HELD_OUT_PROMPTS);
    }

    /**
     * Makes it all.
     *
     * @param args the directory to write to; before it {@code judge}, to make that alone
     */
    public static void main(String[] args) {
        boolean judge = args.length == 2 && args[0].equals("judge");
        if (args.length != 1 && !judge) {
            throw new ConfigurationException(
                    "EmbeddedRecipe takes one argument, the directory to write to; received " + args.length);
        }
        try (Preceptor preceptor = Preceptor.open("cpu", 1)) {
            EmbeddedRecipe recipe = new EmbeddedRecipe(preceptor, Path.of(args[args.length - 1]));
            if (!judge) {
                recipe.make(ModelRecipe.teacher(), ModelRecipe.student());
            }
            recipe.addJudge(ModelRecipe.judge());
        }
    }

    void make(ModelRecipe... models) {
        prompts();
        TokenizerFiles tokenizer = new TokenizerFiles(tokens(answerTexts()), CONTEXT);
        for (ModelRecipe model : models) {
            train(model, tokenizer);
        }
        digest();
    }

    /** Adds the judge, whose tokenizer knows its verdicts, to a directory with all the rest. */
    void addJudge(ModelRecipe judge) {
        List<Demonstration> rows = JudgeRows.of(
                World.without(heldOut, SEED + 3), TEXTS_FOR_TOKENS / JudgeRows.PER_INSTRUCTION, new Dice(SEED));
        train(judge, new TokenizerFiles(tokens(JudgeRows.texts(rows)), judge.context()));
        digest();
    }

    private void digest() {
        try {
            AtomicFiles.writeString(target.resolve(Digests.FILE), digests().text());
        } catch (IOException e) {
            throw new OutputException(target, "cannot be read back", e);
        }
    }

    /** Of all files below the target, but for a list of digests that is already there. */
    private Digests digests() throws IOException {
        Map<String, String> byFile = new TreeMap<>();
        try (Stream<Path> files = Files.walk(target)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byFile.put(target.relativize(file).toString().replace('\\', '/'), Sha256.of(file));
            }
        }
        byFile.remove(Digests.FILE);
        return new Digests(byFile);
    }

    void prompts() {
        JsonlWriter.replace(target.resolve("heldout-prompts.jsonl"), rows(heldOut));
        List<Prompt> train = World.without(heldOut, SEED + 1).prompts(TRAIN_PROMPTS);
        JsonlWriter.replace(target.resolve("prompts.jsonl"), rows(train));
    }

    private static List<Map<String, @Nullable Object>> rows(List<Prompt> prompts) {
        return prompts.stream()
                .map(prompt -> {
                    Map<String, @Nullable Object> row = new LinkedHashMap<>();
                    // Sorted, since the order of Map.of differs from run to run.
                    Map<String, String> message = new TreeMap<>(
                            Map.of("role", "user", "content", prompt.text().asString()));
                    row.put("prompt", List.of(message));
                    row.putAll(prompt.columns());
                    return row;
                })
                .toList();
    }

    private List<String> answerTexts() {
        List<Demonstration> rows = World.without(heldOut, SEED + 2).demonstrations(TEXTS_FOR_TOKENS, 0.5);
        return rows.stream()
                .flatMap(row -> Stream.of(
                        "user\n" + row.prompt().text().asString(),
                        "assistant\n" + row.completion().asString()))
                .toList();
    }

    private static Bpe tokens(List<String> texts) {
        return new BpeTrainer(VOCABULARY, TokenizerFiles.SPECIALS).train(texts);
    }

    private void train(ModelRecipe recipe, TokenizerFiles tokenizer) {
        Path directory = target.resolve(recipe.name());
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new OutputException(directory, "cannot be made", e);
        }
        tokenizer.write(directory);
        try (LanguageModel blank = LanguageModel.initialise(
                preceptor.torch(),
                recipe.size().config(VOCABULARY, recipe.context()),
                LoadOptions.TRAINED,
                recipe.seed())) {
            blank.save(directory);
        }
        List<Demonstration> rows = recipe.source().of(World.without(heldOut, recipe.seed()), recipe.rows());
        try (Student student = preceptor.student(directory)) {
            student.train(
                    new SftObjective(),
                    null,
                    rows,
                    recipe.training(),
                    LoopSetting.of(RunStore.none(), new Interrupt(), new Progress(recipe.name())));
            student.save(directory);
        }
        HalfWeights.write(directory);
    }

    /** Says how far a model is. */
    private record Progress(String name) implements TrainListener {
        @Override
        public void onLog(StepMetrics mean) {
            LOG.info(
                    "{}: step {} of {}, loss {}, {} ms a step",
                    name,
                    mean.step(),
                    mean.totalSteps(),
                    String.format("%.4f", mean.loss()),
                    Math.round(1000 * mean.stepTime()));
        }
    }
}
