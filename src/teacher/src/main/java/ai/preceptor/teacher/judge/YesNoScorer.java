package ai.preceptor.teacher.judge;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Message;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.LabelReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A language model that is asked whether an answer is right.
 *
 * <pre>  score = log p(Yes) - log p(No)</pre>
 *
 * <p>in nats, with p the probabilities of the two words as the first token of its reply. Source: Zhang et al. 2024,
 * Generative Verifiers, arXiv:2408.15240, section 3.1, whose score is p(Yes). Departure: the log-odds, which rank answers
 * as p(Yes) / (p(Yes) + p(No)) does, but do not saturate.
 *
 * <p>When not to use it: with a model that reasons before it answers, whose first token is no verdict; or with a server
 * that gives no log-probabilities.
 */
public final class YesNoScorer extends AskedScorer {
    private final LabelReader reader;

    /**
     * A scorer.
     *
     * @param model who is asked; not closed by this
     * @param prompts what it is told, see {@link TeacherMode#YES_NO}
     * @param labels two different words, for a right answer and for a wrong one, each one token of the model
     * @throws ai.preceptor.data.ConfigurationException if the model cannot say them in one token
     * @throws IllegalArgumentException if they are not two different words
     */
    public YesNoScorer(ChatModel model, JudgePrompts prompts, List<String> labels) {
        super(model, prompts);
        this.reader = new LabelReader(model, labels);
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        List<List<Message>> questions = answers.stream()
                .map(answer -> prompts.fill(
                        answer.prompt(),
                        Map.of(JudgePrompts.ANSWER, answer.text().asString())))
                .toList();
        List<Score> scores = new ArrayList<>();
        for (LabelReading reading : reader.read(questions)) {
            double logOdds = LabelReader.logOdds(reading);
            Score score = Double.isFinite(logOdds) ? Score.of(logOdds) : Score.unscored(LabelReader.problem(reading));
            tally.question(score.isScored());
            scores.add(score);
        }
        return scores;
    }
}
