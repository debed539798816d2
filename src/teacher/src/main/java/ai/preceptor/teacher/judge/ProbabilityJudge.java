package ai.preceptor.teacher.judge;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.JudgeStats;
import ai.preceptor.teacher.JudgeTally;
import ai.preceptor.teacher.Verdict;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.LabelReading;
import java.util.ArrayList;
import java.util.List;

/**
 * A language model that reads two answers, and the probability with which it would call the first one better.
 *
 * <pre>  p = exp(l_A) / (exp(l_A) + exp(l_B))</pre>
 *
 * <p>with l the log-probabilities of the two verdict words as the first token of its reply. Inside an {@link
 * ai.preceptor.teacher.OrderBalancedJudge} it is the mean over both orders. Source: Lee et al. 2024, RLAIF,
 * arXiv:2309.00267, section 2.1; Bai et al. 2022, Constitutional AI, arXiv:2212.08073, section 4.1.
 *
 * <p>When not to use it: with a model that reasons before it answers, whose first token is no verdict; or with a server
 * that gives no log-probabilities.
 */
public final class ProbabilityJudge implements Judge {
    private final ChatModel model;
    private final JudgePrompts prompts;
    private final LabelReader reader;
    private final JudgeTally tally = new JudgeTally();

    /**
     * A judge.
     *
     * @param model who is asked; not closed by this
     * @param prompts what it is told, see {@link TeacherMode#PROBABILITY}
     * @param labels two different words, for the first answer and for the second, each one token of the model
     * @throws ai.preceptor.data.ConfigurationException if the model cannot say them in one token
     * @throws IllegalArgumentException if they are not two different words
     */
    public ProbabilityJudge(ChatModel model, JudgePrompts prompts, List<String> labels) {
        this.model = model;
        this.prompts = prompts;
        this.reader = new LabelReader(model, labels);
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
        List<List<Message>> questions = comparisons.stream()
                .map(one -> ChatJudge.question(prompts, one))
                .toList();
        List<Verdict> verdicts = new ArrayList<>();
        for (LabelReading reading : reader.read(questions)) {
            double logOdds = LabelReader.logOdds(reading);
            Verdict verdict = Double.isNaN(logOdds)
                    ? Verdict.undecided(LabelReader.problem(reading))
                    : Verdict.of(1 / (1 + Math.exp(-logOdds)));
            tally.question(verdict.isDecided());
            verdicts.add(verdict);
        }
        return verdicts;
    }

    @Override
    public JudgeStats stats() {
        return tally.stats();
    }
}
