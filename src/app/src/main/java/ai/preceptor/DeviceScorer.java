package ai.preceptor;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.torch.Torch;
import java.util.List;

/**
 * A scorer that somebody else closes, on a thread that may use the device: it may be a model.
 *
 * @param scorer the scorer
 */
record DeviceScorer(Scorer scorer) implements Scorer {
    /** For the calling thread. */
    static DeviceScorer here(Torch torch, Scorer scorer) {
        torch.bindThread();
        return new DeviceScorer(scorer);
    }

    @Override
    public String name() {
        return scorer.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return scorer.score(answers);
    }
}
