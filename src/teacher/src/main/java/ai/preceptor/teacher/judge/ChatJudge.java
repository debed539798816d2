package ai.preceptor.teacher.judge;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.JudgeStats;
import ai.preceptor.teacher.JudgeTally;
import ai.preceptor.teacher.Verdict;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A language model that reads two answers and says which is better. It may favour a position: put it in an {@link
 * ai.preceptor.teacher.OrderBalancedJudge}. A reply that does not end as asked is no verdict. With several votes the
 * preference is their mean.
 */
public final class ChatJudge implements Judge {
    private final ChatModel model;
    private final JudgePrompts prompts;
    private final Votes votes;
    private final JudgeTally tally = new JudgeTally();

    /**
     * A judge.
     *
     * @param model who is asked; not closed by this
     * @param prompts what it is told, see {@link TeacherMode#COMPARE}
     * @param votes how often each question is asked
     */
    public ChatJudge(ChatModel model, JudgePrompts prompts, Votes votes) {
        this.model = model;
        this.prompts = prompts;
        this.votes = votes;
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
        List<List<Message>> questions =
                comparisons.stream().map(one -> question(prompts, one)).toList();
        List<Verdict> verdicts = new ArrayList<>();
        for (List<Asked> replies : votes.ask(model, questions)) {
            Verdict verdict =
                    counted(tally, replies.stream().map(ChatJudge::read).toList());
            tally.question(verdict.isDecided());
            verdicts.add(verdict);
        }
        return verdicts;
    }

    static List<Message> question(JudgePrompts prompts, Comparison comparison) {
        return prompts.fill(
                comparison.prompt(),
                Map.of(
                        JudgePrompts.ANSWER_A, comparison.first().asString(),
                        JudgePrompts.ANSWER_B, comparison.second().asString()));
    }

    private static Verdict read(Asked reply) {
        Reading<String> read = LastLine.VERDICT.of(reply);
        String word = read.value();
        if (word == null) {
            return Verdict.undecided(read.problem());
        }
        Verdict verdict = word.equals("tie") ? Verdict.TIE : Verdict.of(word.equals("A") ? 1 : 0);
        return verdict.with(read.critique().isEmpty() ? null : read.critique(), null);
    }

    /** The mean of the votes that could be read. */
    static Verdict counted(JudgeTally tally, List<Verdict> votes) {
        List<Verdict> decided = votes.stream().filter(Verdict::isDecided).toList();
        tally.votes(decided.stream().map(Verdict::preference).toList());
        if (decided.isEmpty()) {
            return votes.get(0);
        }
        double sum = decided.stream().mapToDouble(Verdict::preference).sum();
        return Verdict.of(sum / decided.size())
                .with(decided.get(0).critique(), decided.get(0).turned());
    }

    @Override
    public JudgeStats stats() {
        return tally.stats();
    }
}
