package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real, tiny teacher against what TRL logged before its first step on the same pairs (golden/README.md). */
class LikelihoodScorerGoldenTest extends ScorerContract {
    private static final int ROWS = 4; // of TRL's first step

    private static Torch torch;
    private static LanguageModel model;
    private static Tokenizer tokenizer;
    private static PromptEncoder encoder;

    @BeforeAll
    static void load() {
        Path directory = Golden.dir("tiny-chat");
        torch = Torch.open("cpu", 1);
        model = LanguageModel.load(torch, directory, LoadOptions.FROZEN);
        tokenizer = Tokenizer.load(directory);
        encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
    }

    @AfterAll
    static void free() {
        tokenizer.close();
        model.close();
        torch.close();
    }

    @Override
    protected Scorer scorer() {
        return LikelihoodScorer.of("tiny", model, encoder);
    }

    private static Scorer scorer(Likelihood likelihood, int rowsPerPass) {
        return new LikelihoodScorer("tiny", model::logprobs, encoder, likelihood, rowsPerPass, 512);
    }

    private static List<Preference> pairs() {
        return Datasets.preferences(Golden.file("pairs.jsonl"), ROWS, OnBadRow.FAIL)
                .rows();
    }

    private static double mean(Scorer scorer, boolean chosen) {
        List<Answer> answers = pairs().stream()
                .map(pair -> new Answer(pair.prompt(), chosen ? pair.chosen() : pair.rejected()))
                .toList();
        return scorer.score(answers).stream()
                .mapToDouble(Score::value)
                .average()
                .orElseThrow();
    }

    private static double trl(String metric) {
        return Golden.json("trl_curves.json")
                .required("dpo/sigmoid")
                .at("/steps/0")
                .required(metric)
                .doubleValue();
    }

    @Test
    void sum_equalsTrlsLogps() {
        Scorer scorer = scorer(Likelihood.SUM, 2048);
        assertThat(mean(scorer, true)).isCloseTo(trl("logps/chosen"), within(2e-3));
        assertThat(mean(scorer, false)).isCloseTo(trl("logps/rejected"), within(2e-3));
    }

    /**
     * PRO's loss without temperature is a chain of softmaxes over mean token log-probabilities, best answer first: from
     * the scores of two groups, the first loss of the golden curve.
     */
    @Test
    void mean_givesProsLoss() {
        Scorer scorer = scorer(Likelihood.MEAN, 2048);
        double loss = Datasets.rankedGroups(Golden.file("ranked.jsonl"), 2, OnBadRow.FAIL).rows().stream()
                .mapToDouble(group -> chainOfSoftmaxes(scorer, group))
                .average()
                .orElseThrow();
        double golden =
                Golden.json("rank_curves.json").at("/pro_none/steps/0/loss").doubleValue();
        assertThat(loss).isCloseTo(golden, within(1e-4));
    }

    private static double chainOfSoftmaxes(Scorer scorer, RankedGroup group) {
        List<Integer> order = IntStream.range(0, group.size())
                .boxed()
                .sorted(Comparator.comparing(group.scores()::get).reversed())
                .toList();
        List<Score> scores = scorer.score(group.responses().stream()
                .map(response -> new Answer(group.prompt(), response))
                .toList());
        double loss = 0;
        double rest = 0;
        for (int k = order.size() - 1; k >= 0; k--) {
            double weight = Math.exp(scores.get(order.get(k)).value());
            rest += weight;
            loss -= Math.log(weight / rest);
        }
        return loss;
    }

    @Test
    void score_doesNotDependOnTheSizeOfPasses() {
        assertThat(mean(scorer(Likelihood.MEAN, 1), true))
                .isCloseTo(mean(scorer(Likelihood.MEAN, 4096), true), within(1e-4));
    }

    @Test
    void score_leavesNoTensors() {
        Scorer scorer = scorer(Likelihood.MEAN, 256);
        mean(scorer, true);
        long before = torch.liveTensors();
        for (int i = 0; i < 5; i++) {
            mean(scorer, true);
        }
        assertThat(torch.liveTensors()).isEqualTo(before);
    }
}
