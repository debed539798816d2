package ai.preceptor.ranking.online;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.data.Trajectory;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.group.GroupObjective;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.ranking.unpaired.LabeledRow;
import ai.preceptor.ranking.unpaired.UnpairedLoss;
import ai.preceptor.ranking.unpaired.UnpairedObjective;
import ai.preceptor.train.Objective;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How any method of preference training learns from sampled answers.
 *
 * <p>A loss over pairs gets the best and the worst answer to a prompt, or with the whole group every strictly ordered pair,
 * which together count as one row. A loss over groups gets the group, or those two as a group. A loss over labels gets the
 * best answer as a desirable one and the worst as an undesirable one.
 *
 * @param <R> type of a row of its objective
 */
public final class OnlineMethod<R> {
    private final SampledObjective<R> objective;
    private final Selection selection;
    private final Rows<R> rows;

    /** Makes rows of the selected answers to some prompts. */
    @FunctionalInterface
    private interface Rows<R> {
        List<SampledRow<R>> of(List<List<Trajectory>> groups);
    }

    private OnlineMethod(SampledObjective<R> objective, Selection selection, Rows<R> rows) {
        this.objective = objective;
        this.selection = selection;
        this.rows = rows;
    }

    /**
     * The method on sampled answers.
     *
     * @param asked which answers are learnt from; null for the method's default
     * @param maxLength most tokens of a prompt with an answer to another one, for losses that compare with such; 0 or less for
     *     no limit
     * @throws ConfigurationException if a loss over labels is to learn from whole groups
     */
    public static OnlineMethod<?> of(RankMethod method, @Nullable Selection asked, int maxLength) {
        if (method instanceof RankMethod.Pairs pairs) {
            return ofGroups(
                    PairObjective.ofGroups(pairs.loss(), pairs.options()),
                    method,
                    asked == null ? Selection.BEST_WORST : asked);
        } else if (method instanceof RankMethod.Groups groups) {
            return ofGroups(GroupObjective.ofGroups(groups.loss()), method, asked == null ? Selection.GROUP : asked);
        } else if (method instanceof RankMethod.Unpaired unpaired) {
            return ofLabels(new UnpairedObjective(unpaired.loss(), maxLength), method, asked);
        }
        throw new IllegalStateException("a method of another kind: " + method);
    }

    private static OnlineMethod<RankedGroup> ofGroups(
            Objective<RankedGroup> objective, RankMethod method, Selection selection) {
        return new OnlineMethod<>(
                new SampledObjective<>(objective, method.klCoefficient()),
                selection,
                groups -> groups.stream().map(group -> ranked(objective, group)).toList());
    }

    private static SampledRow<RankedGroup> ranked(Objective<RankedGroup> objective, List<Trajectory> answers) {
        SampledTokens tokens = new SampledTokens();
        List<Text> texts = answers.stream().map(tokens::text).toList();
        List<Double> scores = answers.stream().map(one -> one.score().value()).toList();
        RankedGroup group = new RankedGroup(answers.get(0).prompt(), texts, scores);
        return new SampledRow<>(group, answers, objective.completions(group) - group.size(), tokens);
    }

    private static OnlineMethod<LabeledRow> ofLabels(
            Objective<LabeledRow> objective, RankMethod method, @Nullable Selection asked) {
        if (asked == Selection.GROUP) {
            throw new ConfigurationException("select: expected best_worst with " + objective.name()
                    + ", which learns from single labeled answers: a prompt's best and its worst, found group");
        }
        return new OnlineMethod<>(
                new SampledObjective<>(objective, method.klCoefficient()), Selection.BEST_WORST, OnlineMethod::labeled);
    }

    /**
     * Best and worst of each prompt in turn. Their mismatched answers are the best and the worst of the prompt before, those of
     * the first prompt are the last one's: TRL's rule, by prompts, since a row before may be of the same prompt. A prompt alone
     * keeps its own, which were sampled from the policy too.
     */
    private static List<SampledRow<LabeledRow>> labeled(List<List<Trajectory>> groups) {
        SampledTokens tokens = new SampledTokens();
        List<List<Text>> texts = groups.stream()
                .map(group -> group.stream().map(tokens::text).toList())
                .toList();
        List<SampledRow<LabeledRow>> rows = new ArrayList<>();
        for (int prompt = 0; prompt < groups.size(); prompt++) {
            List<Text> before = texts.get((prompt + groups.size() - 1) % groups.size());
            for (int place = 0; place < before.size(); place++) {
                Trajectory one = groups.get(prompt).get(place);
                LabeledCompletion labeled =
                        new LabeledCompletion(one.prompt(), texts.get(prompt).get(place), place == 0);
                rows.add(new SampledRow<>(new LabeledRow(labeled, before.get(place)), List.of(one), 0, tokens));
            }
        }
        return rows;
    }

    /** Rows that a prompt makes. */
    public static int rowsPerPrompt(RankMethod method) {
        return method instanceof RankMethod.Unpaired ? 2 : 1;
    }

    /** Prompts that a step needs: two where answers to other prompts are compared with. */
    static int fewestPrompts(RankMethod method) {
        return method instanceof RankMethod.Unpaired unpaired
                        && unpaired.loss().baseline() == UnpairedLoss.Baseline.MISMATCHED_KL
                ? 2
                : 1;
    }

    /** What is optimized. */
    public Objective<SampledRow<R>> objective() {
        return objective;
    }

    /** Which answers to a prompt are learnt from. */
    public Selection selection() {
        return selection;
    }

    /** The rows of the selected answers to the prompts of a step. */
    List<SampledRow<R>> rows(List<List<Trajectory>> groups) {
        return rows.of(groups);
    }
}
