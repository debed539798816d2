package ai.preceptor.train.sampling;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Two answers of three tokens to each prompt, functions of the prompt's place and the version only; it writes down what is
 * asked of it.
 */
public final class FakeSampler implements PolicySampler {
    private static final float THIRD = 1f / 3;

    private final BiFunction<Long, Integer, Score> scores;
    private final List<String> calls;
    private final long last;
    private long cursor;
    private long version;

    /**
     * @param scores of answer {@code i} to the prompt at a place
     * @param last place after the last prompt
     */
    public FakeSampler(
            BiFunction<Long, Integer, Score> scores, List<String> calls, long last, long cursor, long version) {
        this.scores = scores;
        this.calls = calls;
        this.last = last;
        this.cursor = cursor;
        this.version = version;
        calls.add("open " + cursor + " v" + version);
    }

    /** The first answer to every prompt scores 1, the second its prompt's place. */
    public static Score usual(long prompt, int answer) {
        return Score.of(answer == 0 ? 1 : prompt);
    }

    @Override
    public List<Trajectory> next(int prompts) {
        calls.add("next " + prompts);
        List<Trajectory> all = new ArrayList<>();
        for (int group = 0; group < prompts && cursor < last; group++, cursor++) {
            for (int answer = 0; answer < 2; answer++) {
                float logp = -THIRD * (1 + cursor + answer + version);
                Completion completion = new Completion(
                        "answer " + answer + " to " + cursor,
                        new int[] {(int) cursor, answer, 2},
                        new float[] {logp, logp, logp},
                        FinishReason.STOP);
                all.add(new Trajectory(
                        Prompt.user("prompt " + cursor),
                        new int[] {5, (int) cursor},
                        completion,
                        group,
                        version,
                        scores.apply(cursor, answer)));
            }
        }
        return all;
    }

    @Override
    public void publish(long newVersion) {
        calls.add("publish v" + newVersion);
        version = newVersion;
    }

    @Override
    public long cursor() {
        return cursor;
    }

    @Override
    public void close() {
        calls.add("close");
    }
}
