package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.distill.DistillationLoss;
import ai.preceptor.distill.LossTokens;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.generate.SamplingOptions;
import java.nio.file.Path;

/**
 * Options of distillation from a teacher's distributions.
 *
 * @param loss the loss between the student's and the teacher's distributions
 * @param learnt which tokens of a row take part
 * @param role what the teacher does
 * @param lmbda share of micro-batches whose answers the student writes itself, in [0, 1]; TRL's name
 * @param sampling how it writes them; the seed is the run's
 */
public record DistillOptions(
        DistillationLoss loss, LossTokens learnt, TeacherRole role, double lmbda, SamplingOptions sampling) {
    private static final int MAX_NEW_TOKENS = 128;

    /** @throws ConfigurationException when {@code lmbda} is out of its range, or does not go with the teacher's role */
    public DistillOptions {
        if (!(lmbda >= 0 && lmbda <= 1)) {
            throw new ConfigurationException("lmbda: received " + lmbda + ", legal: [0, 1]");
        }
        if (loss.hidden() != null && role instanceof TeacherRole.Cached) {
            throw new ConfigurationException(
                    "loss_type: received hidden states, legal: divergences and sft where the teacher is cached");
        }
        if (lmbda > 0 && (role instanceof TeacherRole.Cached || role instanceof TeacherRole.Learning)) {
            throw new ConfigurationException("lmbda: received " + lmbda + ", legal: 0 where the teacher "
                    + (role instanceof TeacherRole.Cached
                            ? "is cached: it has no distributions for the student's answers"
                            : "is trained too: it does not use the student's answers"));
        }
    }

    /** From a fixed teacher, on the rows' own answers. */
    public static DistillOptions of(DistillationLoss loss) {
        return new DistillOptions(
                loss, LossTokens.LAST_TURN, new TeacherRole.Fixed(), 0, SamplingOptions.unfiltered(MAX_NEW_TOKENS, 0));
    }

    /** The same with the teacher in another role. */
    public DistillOptions with(TeacherRole other) {
        return new DistillOptions(loss, learnt, other, lmbda, sampling);
    }

    /** The same with other tokens learnt. */
    public DistillOptions with(LossTokens tokens) {
        return new DistillOptions(loss, tokens, role, lmbda, sampling);
    }

    /**
     * Refuses a teacher whose distributions a student's cannot be compared with, before either loads.
     *
     * @param student a directory in Hugging Face's layout
     * @param teacher the same
     * @throws ConfigurationException with both vocabularies' sizes and what to do instead
     */
    public static void requireSameVocabulary(Path student, Path teacher) {
        int mine = DecoderConfig.read(student).vocabSize();
        int theirs = DecoderConfig.read(teacher).vocabSize();
        if (mine != theirs) {
            throw new ConfigurationException("teacher: " + teacher + " has a vocabulary of " + theirs
                    + " tokens, the student " + student + " one of " + mine
                    + "; distributions can only be compared over the same vocabulary. Learn from the teacher's answers instead:"
                    + " seq_kd=true loss_type=sft");
        }
    }
}
