package ai.preceptor.run;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.LikelihoodScorer;
import java.util.List;
import java.util.OptionalLong;

/** A language model that scores answers by their likelihood; closing it closes the model it owns. */
public final class LocalTeacher implements Scorer {
    private final LoadedModel model;
    private final LikelihoodScorer scorer;

    /** @param model owned from now on */
    public LocalTeacher(LoadedModel model) {
        this.model = model;
        this.scorer = LikelihoodScorer.of(model.directory().toString(), model.model(), model.encoder());
    }

    @Override
    public String name() {
        return scorer.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return scorer.score(answers);
    }

    @Override
    public OptionalLong steps() {
        return scorer.steps();
    }

    @Override
    public void close() {
        model.close();
    }
}
