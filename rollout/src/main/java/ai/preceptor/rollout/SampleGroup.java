package ai.preceptor.rollout;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * All completions of one prompt.
 *
 * @param prompt the prompt
 * @param completions sampled from it
 * @param scores one for each completion; empty until scored
 * @param round publications before it was sampled
 * @param version of the weights that sampled them
 */
record SampleGroup(EncodedPrompt prompt, List<Completion> completions, List<Score> scores, long round, long version) {

    long index() {
        return prompt.index();
    }

    int tokens() {
        return completions.stream().mapToInt(Completion::length).sum();
    }

    /** The scorer's input. */
    List<Answer> answers() {
        return completions.stream().map(one -> Answer.of(prompt.prompt(), one)).toList();
    }

    /** An answer with a score of a token that it does not have is unscored. */
    SampleGroup withScores(List<Score> all) {
        List<Score> checked = new ArrayList<>(all);
        for (int i = 0; i < all.size() && i < completions.size(); i++) {
            List<Score.TokenScore> tokens = all.get(i).tokenScores();
            int last = tokens.isEmpty() ? -1 : tokens.get(tokens.size() - 1).token();
            if (last >= completions.get(i).length()) {
                checked.set(
                        i,
                        Score.unscored("the scorer scored token " + last + ", expected below "
                                + completions.get(i).length() + ", the answer's tokens"));
            }
        }
        return new SampleGroup(prompt, completions, checked, round, version);
    }

    /** The group with no completion scored, for one reason. */
    SampleGroup unscored(String why) {
        return withScores(Collections.nCopies(completions.size(), Score.unscored(why)));
    }

    /** @param group number of the prompt among those that the learner takes with it */
    List<Trajectory> trajectories(int group) {
        List<Trajectory> trajectories = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            trajectories.add(
                    new Trajectory(prompt.prompt(), prompt.ids(), completions.get(i), group, version, scores.get(i)));
        }
        return trajectories;
    }
}
