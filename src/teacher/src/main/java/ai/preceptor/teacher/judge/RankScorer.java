package ai.preceptor.teacher.judge;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.teacher.Scores;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.PromptTemplate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A language model that puts all answers to a prompt in order, in one call.
 *
 * <pre>  score = 1 - (rank - 1) / (n - 1)</pre>
 *
 * <p>over the n answers that the reply ranks: 1 for the best, 0 for the worst. Answers are shown in an order that depends on
 * the seed, the prompt and the number of the vote, so that a judge who favours a position favours no answer in the mean.
 * Equal answers get one score. An answer that is missing from the reply is unscored, and so is one that is alone.
 *
 * <p>Source: huggingface/trl#4707 (relative rankings of a group by a judge). When not to use it: with more answers than the
 * judge can compare at once, or where scores of different prompts are compared.
 */
public final class RankScorer extends AskedScorer {
    private static final int HEX_DIGITS = 15;

    private final Votes votes;
    private final long seed;

    /**
     * A scorer.
     *
     * @param model who is asked; not closed by this
     * @param prompts what it is told, see {@link TeacherMode#RANK}
     * @param votes how often each question is asked; every vote has an order of its own
     * @param seed for the orders
     */
    public RankScorer(ChatModel model, JudgePrompts prompts, Votes votes, long seed) {
        super(model, prompts);
        this.votes = votes;
        this.seed = seed;
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        Map<Prompt, Set<Text>> byPrompt = new LinkedHashMap<>();
        for (Answer answer : answers) {
            byPrompt.computeIfAbsent(answer.prompt(), prompt -> new LinkedHashSet<>())
                    .add(answer.text());
        }
        List<List<Ranking>> groups = new ArrayList<>();
        byPrompt.forEach((prompt, distinct) -> {
            if (distinct.size() > 1) {
                groups.add(rankings(prompt, List.copyOf(distinct)));
            }
        });
        List<List<Asked>> replies =
                votes.askEach(model, groups.stream().map(this::questions).toList());
        Map<Answer, Score> scores = new HashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            score(groups.get(i), replies.get(i), scores);
        }
        return answers.stream()
                .map(answer -> scores.getOrDefault(answer, Score.unscored("no other answer to rank it with")))
                .toList();
    }

    private List<List<Message>> questions(List<Ranking> group) {
        return group.stream().map(ranking -> ranking.question(prompts)).toList();
    }

    /** One for each vote. */
    private List<Ranking> rankings(Prompt prompt, List<Text> answers) {
        List<Ranking> all = new ArrayList<>();
        for (int vote = 0; vote < votes.count(); vote++) {
            String digest = Sha256.of(seed + "\n" + vote + "\n" + PromptTemplate.prompt(prompt));
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, answers.size()).boxed().toList());
            Collections.shuffle(order, new Random(Long.parseLong(digest.substring(0, HEX_DIGITS), 16)));
            all.add(new Ranking(prompt, answers, List.copyOf(order)));
        }
        return all;
    }

    private void score(List<Ranking> group, List<Asked> replies, Map<Answer, Score> scores) {
        List<Reading<List<Integer>>> readings = new ArrayList<>();
        for (int vote = 0; vote < group.size(); vote++) {
            readings.add(group.get(vote).read(replies.get(vote)));
        }
        tally.votes(readings.stream()
                .filter(reading -> reading.value() != null)
                .map(reading -> Objects.requireNonNull(reading.value()))
                .toList());
        Ranking first = group.get(0);
        for (int answer = 0; answer < first.answers().size(); answer++) {
            Score score = score(group, readings, answer);
            tally.question(score.isScored());
            scores.put(new Answer(first.prompt(), first.answers().get(answer)), score);
        }
    }

    private static Score score(List<Ranking> group, List<Reading<List<Integer>>> readings, int answer) {
        double sum = 0;
        int counted = 0;
        String problem = null;
        String critique = "";
        for (int vote = 0; vote < readings.size(); vote++) {
            List<Integer> ranked = readings.get(vote).value();
            int shown = group.get(vote).shownAs(answer);
            int rank = ranked == null ? -1 : ranked.indexOf(answer);
            if (ranked == null || rank < 0) {
                problem = first(
                        problem,
                        ranked == null
                                ? readings.get(vote).problem()
                                : "reply: expected a ranking of "
                                        + group.get(vote).order().size() + " answers, found it without answer "
                                        + shown);
                continue;
            }
            sum += 1 - (double) rank / (ranked.size() - 1);
            String words = readings.get(vote).critique();
            critique = counted++ == 0 && !words.isEmpty() ? "answer " + shown + ":\n" + words : critique;
        }
        return counted == 0
                ? Score.unscored(String.valueOf(problem))
                : Score.of(Scores.mean(sum, counted)).with(critique);
    }

    private static String first(@Nullable String before, String now) {
        return before == null ? now : before;
    }

    @Override
    public boolean isRelative() {
        return true;
    }
}
