package ai.preceptor.teacher.judge;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Message;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.Scores;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A language model that grades single answers. A reply that is not exactly as it was asked for is no score, and neither is
 * a question that was not answered.
 */
public final class ChatScorer extends AskedScorer {
    private final Grading grading;
    private final Votes votes;

    /**
     * A scorer.
     *
     * @param model who is asked; not closed by this
     * @param prompts what it is told, with the places of {@code grading}
     * @param grading what replies mean
     * @param votes how often each question is asked
     */
    public ChatScorer(ChatModel model, JudgePrompts prompts, Grading grading, Votes votes) {
        super(model, prompts);
        this.grading = grading;
        this.votes = votes;
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        List<String> problems = answers.stream().map(grading::problem).toList();
        List<List<Message>> questions = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            if (problems.get(i).isEmpty()) {
                Answer answer = answers.get(i);
                questions.add(prompts.fill(answer.prompt(), grading.places(answer)));
            }
        }
        List<List<Asked>> replies = votes.ask(model, questions);
        List<Score> scores = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            Score score = problems.get(i).isEmpty()
                    ? counted(replies.get(next++).stream()
                            .map(reply -> grading.read(answer, reply))
                            .toList())
                    : Score.unscored(problems.get(i));
            tally.question(score.isScored());
            scores.add(score);
        }
        return scores;
    }

    private Score counted(List<Score> read) {
        List<Score> scored = read.stream().filter(Score::isScored).toList();
        tally.votes(scored.stream().map(Score::value).toList());
        if (scored.isEmpty() || read.size() == 1) {
            return read.get(0);
        }
        double sum = scored.stream().mapToDouble(Score::value).sum();
        Map<String, Score.Part> parts = new LinkedHashMap<>();
        for (Score one : scored) {
            one.parts()
                    .forEach(part -> parts.merge(
                            part.name(),
                            new Score.Part(part.name(), part.value() / scored.size(), part.weight()),
                            (some, more) -> new Score.Part(some.name(), some.value() + more.value(), some.weight())));
        }
        String critique = scored.get(0).critique();
        return Score.of(Scores.mean(sum, scored.size()))
                .with(List.copyOf(parts.values()))
                .with(critique == null ? "" : critique);
    }
}
