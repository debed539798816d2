package ai.preceptor.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Score;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.teacher.LikelihoodScorer;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.judge.JudgeSettings;
import ai.preceptor.teacher.judge.TeacherMode;
import ai.preceptor.teacher.ledger.CallLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedModelsTest {
    @TempDir
    static Path cache;

    private final EmbeddedModels models = new EmbeddedModels(cache);

    @Test
    void teacher_newPairs_agreesWithTheRule() {
        List<Preference> pairs = new World(4711).pairs(200);
        List<Answer> answers = new ArrayList<>();
        pairs.forEach(pair -> {
            answers.add(new Answer(pair.prompt(), pair.chosen()));
            answers.add(new Answer(pair.prompt(), pair.rejected()));
        });
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student teacher = preceptor.student(models.resolve("embedded:teacher"), LoadOptions.FROZEN)) {
            List<Score> scores = LikelihoodScorer.of("teacher", teacher.model(), teacher.encoder())
                    .score(answers);
            int right = 0;
            for (int i = 0; i < pairs.size(); i++) {
                right += scores.get(2 * i).value() > scores.get(2 * i + 1).value() ? 1 : 0;
            }
            assertThat(right).as("of 200").isGreaterThanOrEqualTo(190);
        }
    }

    @ParameterizedTest
    @CsvSource({"SCORE, 85", "PROBABILITY, 88", "YES_NO, 90"})
    void judge_newPairs_agreesWithTheRule(TeacherMode mode, int least) {
        List<RankedGroup> groups = new World(4712).groups(100);
        List<Answer> answers = new ArrayList<>();
        for (RankedGroup group : groups) {
            answers.add(new Answer(group.prompt(), group.responses().get(0)));
            answers.add(new Answer(group.prompt(), group.responses().get(1)));
        }
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                CallLedger ledger = CallLedger.inMemory();
                ChatModel model = preceptor.chatModel(models.resolve("embedded:judge"), LoadOptions.FROZEN, ledger)) {
            Path template = models.resolve("embedded:judge-" + mode.name().toLowerCase(Locale.ROOT));
            JudgeSettings settings = new JudgeSettings(mode, template, 8, 1, null, null, null, null);
            List<Score> scores = settings.scorer(model, 42).score(answers);
            int right = 0;
            for (int i = 0; i < groups.size(); i++) {
                right += scores.get(2 * i).value() > scores.get(2 * i + 1).value() ? 1 : 0;
            }
            assertThat(right).as("of 100").isGreaterThanOrEqualTo(least);
        }
    }

    @Test
    void student_heldOutPrompts_isOftenWrong() {
        List<Prompt> prompts = prompts("embedded:heldout-prompts").subList(0, 100);
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(models.resolve("embedded:student"), LoadOptions.FROZEN)) {
            List<List<Completion>> answers = student.generate(prompts, 2, SamplingOptions.unfiltered(48, 1));
            double sum = 0;
            for (int i = 0; i < prompts.size(); i++) {
                for (Completion completion : answers.get(i)) {
                    sum += new WorldRule().applyAsDouble(Answer.of(prompts.get(i), completion.text()));
                }
            }
            assertThat(sum / 200).as("mean score by the rule").isBetween(0.3, 0.6);
        }
    }

    @Test
    void prompts_trainAndHeldOut_shareNone() {
        Set<String> train = texts("embedded:prompts");
        Set<String> heldOut = texts("embedded:heldout-prompts");
        assertThat(train).hasSizeGreaterThanOrEqualTo(256).doesNotContainAnyElementsOf(heldOut);
        assertThat(heldOut).hasSizeGreaterThanOrEqualTo(200);
    }

    @Test
    void prompts_shipped_areThoseOfTheRecipe() {
        List<Prompt> heldOut = new World(1).prompts(240);
        assertThat(prompts("embedded:heldout-prompts")).isEqualTo(heldOut);
        assertThat(prompts("embedded:prompts"))
                .isEqualTo(World.without(heldOut, 2).prompts(512));
    }

    @Test
    void prompts_madeAgain_areTheShippedBytes(@TempDir Path target) {
        try (Preceptor preceptor = Preceptor.open("cpu", 1)) {
            new EmbeddedRecipe(preceptor, target).prompts();
        }
        assertThat(target.resolve("prompts.jsonl")).hasSameBinaryContentAs(models.resolve("embedded:prompts"));
        assertThat(target.resolve("heldout-prompts.jsonl"))
                .hasSameBinaryContentAs(models.resolve("embedded:heldout-prompts"));
    }

    private Set<String> texts(String name) {
        Set<String> texts = new HashSet<>();
        prompts(name).forEach(prompt -> texts.add(prompt.text().asString()));
        return texts;
    }

    private List<Prompt> prompts(String name) {
        return Datasets.prompts(models.resolve(name), 0, OnBadRow.FAIL).rows();
    }

    @Test
    void resolve_changedFile_isMadeGoodAgain() throws IOException {
        Path file = models.resolve("embedded:student").resolve("tokenizer.json");
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, 100));
        models.resolve("embedded:student");
        assertThat(file).content().isEqualTo(whole);
    }

    @Test
    void resolve_ordinaryPath_staysAsItIs() {
        assertThat(models.resolve("some/model")).isEqualTo(Path.of("some/model"));
    }

    @Test
    void resolve_unknownName_saysWhatThereIs() {
        assertThatThrownBy(() -> models.resolve("embedded:pupil"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("embedded:pupil")
                .hasMessageContaining("embedded:student, embedded:judge, embedded:prompts");
    }
}
