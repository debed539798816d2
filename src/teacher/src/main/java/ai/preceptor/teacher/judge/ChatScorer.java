package ai.preceptor.teacher.judge;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.chat.PromptTemplate;
import java.util.List;
import java.util.Map;

/**
 * A language model that grades single answers, 1 to 10. A reply that does not end as asked is no score, and neither is a
 * call that was not answered.
 *
 * @param teacher the teacher; not closed by this
 * @param template the judge prompt, see {@link TeacherMode#standardTemplate}
 * @param maxTokens most tokens of a reply
 */
public record ChatScorer(ChatModel teacher, PromptTemplate template, int maxTokens) implements Scorer {
    @Override
    public String name() {
        return teacher.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        List<Asked> asked = teacher.ask(answers.stream().map(this::request).toList());
        return asked.stream()
                .map(one -> LastLine.SCORE.of(one).map(word -> Score.of(Integer.parseInt(word)), Score::unscored))
                .toList();
    }

    private ChatRequest request(Answer answer) {
        Map<String, String> values = Map.of(
                "prompt", PromptTemplate.prompt(answer.prompt()),
                "answer", answer.text().asString());
        return new ChatRequest(template.fill(values), ChatSampling.greedy(maxTokens));
    }
}
