package ai.preceptor;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.policy.opd.OnPolicyDistillation;
import ai.preceptor.policy.opd.OpdSettings;
import ai.preceptor.policy.opd.TeacherTerms;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.run.TeacherModels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The teacher of on-policy distillation that a run's options ask for, if they do: the caller's own, or models beside the student. */
final class PolicyTeacher implements AutoCloseable {
    private final TeacherModels models;
    private final PolicyOptions options;

    private PolicyTeacher(TeacherModels models, PolicyOptions options) {
        this.models = models;
        this.options = options;
    }

    /** Loads it. @throws ai.preceptor.data.ConfigurationException if one has another vocabulary than the student */
    static PolicyTeacher of(LoadedModel student, PolicyOptions options) {
        boolean own = options.parts().teacher() != null;
        OpdSettings asked =
                own ? OpdSettings.builder().build() : options.policy().opd();
        return new PolicyTeacher(TeacherModels.ofDistillation(student, asked), options);
    }

    /**
     * What it adds to advantages; null if there is none.
     *
     * @param prompts all that answers will be sampled for
     * @throws RuntimeException of {@link TokenScorer#check}
     */
    @Nullable
    TeacherTerms terms(List<Prompt> prompts) {
        TokenScorer own = options.parts().teacher();
        TokenScorer teacher = own == null ? models.scorer() : own;
        if (teacher == null) {
            return null;
        }
        double temperature = options.policy().temperature();
        teacher.check(prompts, temperature);
        OnPolicyDistillation distillation = options.policy().opd().distillation();
        return new TeacherTerms(
                distillation,
                answers -> teacher.logprobs(answers, temperature),
                distillation.name() + (own == null ? "" : " of " + own.name()));
    }

    @Override
    public void close() {
        models.close();
    }
}
