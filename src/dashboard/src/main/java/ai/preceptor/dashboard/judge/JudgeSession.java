package ai.preceptor.dashboard.judge;

import ai.preceptor.dashboard.BadRequestException;
import ai.preceptor.data.Preference;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Pairs in random order, the verdicts on them, and the agreement. Judged pairs are not shown again, also after a restart. Safe
 * for several threads.
 */
public final class JudgeSession implements AutoCloseable {
    private final Map<String, JudgePair> pairs = new LinkedHashMap<>();
    private final JudgmentLog log;
    private final @Nullable MarginQueue rewards;
    private final InstantSource clock;

    /**
     * Opens the directory with the verdicts.
     *
     * @param preferences what to judge; of equal ones one is shown
     * @param directory gets {@code judgments.jsonl} and {@code preferences.jsonl}
     * @param seed of the order and of the sides
     * @param rewards of a reward model to compare with; null for none
     * @param clock tells the time of a verdict
     */
    public JudgeSession(
            List<Preference> preferences,
            Path directory,
            long seed,
            @Nullable RewardMargins rewards,
            InstantSource clock) {
        List<Preference> order = new ArrayList<>(preferences);
        Collections.shuffle(order, new Random(seed));
        for (Preference preference : order) {
            JudgePair pair = JudgePair.of(preference, seed);
            pairs.putIfAbsent(pair.id(), pair);
        }
        this.clock = clock;
        this.log = JudgmentLog.open(directory);
        this.rewards = rewards == null ? null : new MarginQueue(rewards);
        log.reconcile(pairs);
    }

    /** What the page shows: the next pair, if there is one, and how many are done. */
    public synchronized Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("total", pairs.size());
        state.put("done", judged().size());
        state.put("reward_model", rewards != null);
        next().ifPresent(pair -> state.put("pair", pair.shown()));
        return state;
    }

    private Optional<JudgePair> next() {
        return pairs.values().stream()
                .filter(pair -> !log.judgments().containsKey(pair.id()))
                .findFirst();
    }

    private List<Judgment> judged() {
        return log.judgments().values().stream()
                .filter(judgment -> pairs.containsKey(judgment.pair()))
                .toList();
    }

    /**
     * Keeps a verdict.
     *
     * @param seconds that it took
     * @throws BadRequestException if there is no such pair, or it has a verdict
     */
    public synchronized void judge(String id, Verdict verdict, double seconds) {
        JudgePair pair = pairs.get(id);
        if (pair == null) {
            throw new BadRequestException("id: there is no such pair");
        }
        if (log.judgments().containsKey(id)) {
            throw new BadRequestException("id: this pair has a verdict; take it back first");
        }
        log.add(
                new Judgment(
                        id,
                        verdict,
                        pair.chosenFirst(),
                        seconds,
                        clock.instant().toString()),
                pair);
    }

    /**
     * Takes the last verdict back; its pair is shown again.
     *
     * @throws BadRequestException if there is none
     */
    public synchronized void undo() {
        List<Judgment> judged = judged();
        if (judged.isEmpty()) {
            throw new BadRequestException("there is no verdict to take back");
        }
        log.remove(judged.get(judged.size() - 1).pair(), pairs);
    }

    /**
     * How person, teacher and reward model agree. {@code pending} pairs have no answer of the reward model yet, and count as soon
     * as they have one; {@code problem} is its last failure.
     */
    public synchronized Map<String, Object> agreement() {
        List<Judgment> judged = judged();
        int pending = 0;
        if (rewards != null) {
            judged.forEach(judgment -> ask(rewards, judgment.pair()));
            pending = rewards.waiting(); // before the signs: an answer in between is counted, and still said to be
            // pending
        }
        Map<String, Object> reply =
                Agreement.of(judged.stream().map(this::signs).toList()).reply();
        if (rewards != null) {
            reply.put("pending", pending);
            if (rewards.problem() != null) {
                reply.put("problem", rewards.problem());
            }
        }
        return reply;
    }

    private void ask(MarginQueue model, String id) {
        JudgePair pair = pairs.get(id);
        if (pair != null) {
            model.ask(pair);
        }
    }

    private Agreement.Signs signs(Judgment judgment) {
        JudgePair pair = pairs.get(judgment.pair());
        return new Agreement.Signs(
                judgment.choice(),
                pair == null ? 0 : pair.teacher(),
                rewards == null ? 0 : rewards.sign(judgment.pair()),
                judgment.verdict() == Verdict.FIRST);
    }

    /** Returns when the reward model is at rest. */
    @Override
    public void close() {
        if (rewards != null) {
            rewards.close();
        }
        synchronized (this) {
            log.close();
        }
    }
}
