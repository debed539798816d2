package ai.preceptor.run;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.policy.opd.OnPolicyDistillation;
import ai.preceptor.policy.opd.OpdSettings;
import ai.preceptor.policy.opd.TeacherTerms;
import ai.preceptor.teacher.BoundedPasses;
import ai.preceptor.teacher.KeyedTokenScorer;
import ai.preceptor.teacher.LocalTokenScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Teachers on the student's device whose token ids mean what the student's mean. */
public final class TeacherModels implements AutoCloseable {
    /** Ids that may differ: one in so many. */
    private static final int MOST_RENAMED = 10;

    private final List<LoadedModel> models = new ArrayList<>();
    private final OpdSettings settings;
    private final @Nullable TokenScorer own;
    private final @Nullable TokenScorer scorer;

    private TeacherModels(LoadedModel student, OpdSettings settings, @Nullable TokenScorer own) {
        this.settings = settings;
        this.own = own;
        try {
            this.scorer = own == null ? open(student) : own;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Loads the teachers of on-policy distillation.
     *
     * @param own stands in their place; null for none. It stays its owner's to close
     * @throws ConfigurationException if one has another vocabulary
     */
    public static TeacherModels ofDistillation(LoadedModel student, OpdSettings settings, @Nullable TokenScorer own) {
        return new TeacherModels(student, settings, own);
    }

    private @Nullable TokenScorer open(LoadedModel student) {
        List<Path> directories = settings.distillTeacher();
        if (directories == null) {
            return null;
        }
        LoadOptions frozen = new LoadOptions(student.model().parameters().precision(), false);
        Map<String, TokenScorer> byKey = new LinkedHashMap<>();
        for (int i = 0; i < directories.size(); i++) {
            LoadedModel model = load(student, directories.get(i), frozen, "distill_teacher", "");
            models.add(model);
            TokenScorer own = new LocalTokenScorer(
                    directories.get(i).toString(),
                    model.model()::logprobs,
                    BoundedPasses.DEFAULT_ROWS,
                    model.model().config().maxPositionEmbeddings());
            if (settings.distillTeacherKeys() == null) {
                return own;
            }
            byKey.put(settings.distillTeacherKeys().get(i), own);
        }
        return new KeyedTokenScorer(byKey);
    }

    /**
     * What they add to advantages; null if no teacher was asked for.
     *
     * @param prompts all that answers will be sampled for
     * @param temperature of sampling
     * @throws RuntimeException of {@link TokenScorer#check}
     */
    public @Nullable TeacherTerms terms(List<Prompt> prompts, double temperature) {
        TokenScorer teacher = scorer;
        if (teacher == null) {
            return null;
        }
        teacher.check(prompts, temperature);
        OnPolicyDistillation distillation = settings.distillation();
        return new TeacherTerms(
                distillation,
                answers -> teacher.logprobs(answers, temperature),
                distillation.name() + (own == null ? "" : " of " + own.name()));
    }

    /**
     * Loads a teacher whose ids mean what the student's mean, but for a few that are named otherwise (special tokens).
     *
     * @param key that names it, for messages
     * @param instead what can be done with another one; may be empty
     * @throws ConfigurationException if it has another vocabulary
     */
    public static LoadedModel load(LoadedModel student, Path teacher, LoadOptions how, String key, String instead) {
        LoadedModel other = student.another(teacher, how);
        try {
            compare(student, other, key, instead);
            return other;
        } catch (RuntimeException e) {
            other.close();
            throw e;
        }
    }

    private static void compare(LoadedModel student, LoadedModel other, String key, String instead) {
        int vocabulary = student.model().config().vocabSize();
        int theirs = other.model().config().vocabSize();
        if (theirs != vocabulary) {
            throw new ConfigurationException(key + ": " + other.directory() + " has " + theirs
                    + " tokens, expected the student's " + vocabulary + instead);
        }
        int different = 0;
        int last = 0;
        for (int id = 0; id < vocabulary; id++) {
            if (!text(student, id).equals(text(other, id))) {
                different++;
                last = id;
            }
        }
        if (different > vocabulary / MOST_RENAMED) {
            String example = "id " + last + " is \"" + text(student, last) + "\" to the student and \""
                    + text(other, last) + "\" to the teacher";
            throw new ConfigurationException(key + ": " + other.directory() + " has as many tokens as the student, but "
                    + different + " of " + vocabulary + " mean something else: " + example + instead);
        }
    }

    private static String text(LoadedModel model, int id) {
        return model.encoder().decode(new int[] {id}, false);
    }

    @Override
    public void close() {
        models.forEach(LoadedModel::close);
    }
}
