package ai.preceptor.teacher.prompts;

import ai.preceptor.data.Message;
import ai.preceptor.data.ScorerException;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.UserTurns;
import ai.preceptor.teacher.chat.UserTurns.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The teacher itself says what a user would ask: it continues its chat template from where a user's words begin.
 *
 * <p>Source: Xu et al. 2024, Magpie, arXiv:2406.08464, 2.1. For models that were trained on the words of users, too; others write
 * answers or nothing. A turn that does not end by itself is malformed.
 */
public final class Magpie implements PromptMethod {
    private final UserTurns model;
    private final List<Message> before;
    private final SamplingSettings sampling;
    private final long seed;
    private long asked;

    /**
     * @param before messages before the turn, such as one of the system that says what it is about; may be empty
     * @param seed of the first turn
     */
    public Magpie(UserTurns model, List<Message> before, SamplingSettings sampling, long seed) {
        this.model = model;
        this.before = List.copyOf(before);
        this.sampling = sampling;
        this.seed = seed;
    }

    @Override
    public int step(PromptPool pool) {
        List<Request> batch = new ArrayList<>();
        for (int i = 0; i < Questions.STEP; i++) {
            batch.add(new Request(before, sampling, seed + asked + i));
        }
        asked += batch.size();
        turns(batch).forEach(turn -> pool.offer(turn, Map.of()));
        return batch.size();
    }

    private List<Asked> turns(List<Request> batch) {
        try {
            return model.userTurns(batch);
        } catch (ScorerException none) {
            return Collections.nCopies(batch.size(), new Asked(null, String.valueOf(none.getMessage())));
        }
    }
}
