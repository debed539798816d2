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

/**
 * The judge of two answers that ranks as {@link RankScorer} does, in the order in which it is asked. It may favour a
 * position: put it in an {@link ai.preceptor.teacher.OrderBalancedJudge}.
 */
public final class RankJudge implements Judge {
    private final ChatModel model;
    private final JudgePrompts prompts;
    private final Votes votes;
    private final JudgeTally tally = new JudgeTally();

    /**
     * A judge.
     *
     * @param model who is asked; not closed by this
     * @param prompts what it is told, see {@link TeacherMode#RANK}
     * @param votes how often each question is asked
     */
    public RankJudge(ChatModel model, JudgePrompts prompts, Votes votes) {
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
        List<Ranking> rankings = comparisons.stream()
                .map(one -> new Ranking(one.prompt(), List.of(one.first(), one.second()), List.of(0, 1)))
                .toList();
        List<List<Message>> questions =
                rankings.stream().map(ranking -> ranking.question(prompts)).toList();
        List<List<Asked>> replies = votes.ask(model, questions);
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < rankings.size(); i++) {
            Ranking ranking = rankings.get(i);
            Verdict verdict = ChatJudge.counted(
                    tally,
                    replies.get(i).stream()
                            .map(reply -> verdict(ranking.read(reply)))
                            .toList());
            tally.question(verdict.isDecided());
            verdicts.add(verdict);
        }
        return verdicts;
    }

    private static Verdict verdict(Reading<List<Integer>> read) {
        List<Integer> ranked = read.value();
        if (ranked == null) {
            return Verdict.undecided(read.problem());
        }
        return Verdict.of(ranked.get(0) == 0 ? 1 : 0).with(read.critique().isEmpty() ? null : read.critique(), null);
    }

    @Override
    public JudgeStats stats() {
        return tally.stats();
    }
}
