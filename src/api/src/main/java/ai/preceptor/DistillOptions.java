package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.distill.DistillationLoss;
import ai.preceptor.distill.LossTokens;
import ai.preceptor.distill.OnPolicyRows;
import ai.preceptor.distill.PrivilegedContext;
import ai.preceptor.distill.TeacherMix;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.distill.TopTokenTeacher;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.teacher.served.ServedTopTokens;
import ai.preceptor.vllm.VllmSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * Options of distillation from a teacher's distributions.
 *
 * @param loss the loss between the student's and the teacher's distributions
 * @param learnt which tokens of a row take part
 * @param role what the teacher does
 * @param lmbda share of micro-batches whose answers the student writes itself, in [0, 1]; TRL's name
 * @param sampling how it writes them; the seed is the run's
 * @param numGenerations answers that it writes to each prompt of such a micro-batch, 1 or more
 * @param mix how several teachers teach
 * @param context what only teachers are told
 * @param servers that sample in the student's place; {@link VllmSettings#none} where it writes them itself
 */
public record DistillOptions(
        DistillationLoss loss,
        LossTokens learnt,
        TeacherRole role,
        double lmbda,
        SamplingOptions sampling,
        int numGenerations,
        TeacherMix mix,
        PrivilegedContext context,
        VllmSettings servers) {
    /** What else can be done with another vocabulary. */
    static final String INSTEAD =
            " instead: seq_kd=true loss_type=sft; or from its sorted probabilities: loss_type=[uld,sft]";

    private static final int MAX_NEW_TOKENS = 128;

    /** Without servers. */
    public DistillOptions(
            DistillationLoss loss,
            LossTokens learnt,
            TeacherRole role,
            double lmbda,
            SamplingOptions sampling,
            int numGenerations,
            TeacherMix mix,
            PrivilegedContext context) {
        this(loss, learnt, role, lmbda, sampling, numGenerations, mix, context, VllmSettings.none());
    }

    /** @throws ConfigurationException when a number is out of its range, or two of them do not go together */
    public DistillOptions {
        if (!(lmbda >= 0 && lmbda <= 1)) {
            throw new ConfigurationException("lmbda: received " + lmbda + ", legal: [0, 1]");
        }
        if (numGenerations < 1 || (numGenerations > 1 && lmbda == 0)) {
            throw new ConfigurationException("num_generations: received " + numGenerations
                    + ", legal: 1 or more, and 1 where lmbda is 0 and the student writes no answers");
        }
        requireServed(loss, role, lmbda);
        if (loss.comparesRanks() && (lmbda > 0 || role instanceof TeacherRole.Cached)) {
            throw new ConfigurationException("loss_type: received uld, legal: others where the student writes answers,"
                    + " which the teacher cannot read, or the teacher is cached");
        }
        if (context.isGiven()
                && loss.hidden() != null
                && !loss.hidden().attention().isEmpty()) {
            throw new ConfigurationException("loss_type: received attention, legal: others with privileged_context");
        }
        if (context.isGiven() && (learnt == LossTokens.ALL || role instanceof TeacherRole.Learning)) {
            throw new ConfigurationException("privileged_context: received " + context.privilegedContext()
                    + ", legal: none where prompts are learnt or the teacher is trained too");
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

    /** The most probable tokens of a server, which it gives at temperature 1. */
    private static void requireServed(DistillationLoss loss, TeacherRole role, double lmbda) {
        if (!(role instanceof TeacherRole.Served)) {
            return;
        }
        if (loss.hidden() != null
                || loss.parts().stream().anyMatch(part -> part.divergence().kind() != DivergenceKind.FORWARD_KL)) {
            throw new ConfigurationException("loss_type: received others than forward_kl and sft, legal with a served"
                    + " teacher: these two; the reverse KL over a teacher's top tokens is unstable");
        }
        if (loss.temperature() != 1 || lmbda > 0) {
            throw new ConfigurationException("temperature, lmbda: received " + loss.temperature() + ", " + lmbda
                    + ", legal: 1 and 0 with a served teacher, which is asked once, before training");
        }
    }

    /**
     * A teacher behind a server, as {@link TeacherRole.Served} takes it.
     *
     * @param identity its address and its name there: what is kept in a file is used again only for the same
     */
    public static TopTokenTeacher served(ServedTopTokens teacher, String identity) {
        return new ServedTeaching(teacher, identity);
    }

    /** From a fixed teacher, on the rows' own answers. */
    public static DistillOptions of(DistillationLoss loss) {
        return new DistillOptions(
                loss,
                LossTokens.LAST_TURN,
                new TeacherRole.Fixed(),
                0,
                SamplingOptions.unfiltered(MAX_NEW_TOKENS, 0),
                1,
                TeacherMix.NONE,
                PrivilegedContext.NONE);
    }

    /** The same with the teacher in another role. */
    public DistillOptions with(TeacherRole other) {
        return new DistillOptions(loss, learnt, other, lmbda, sampling, numGenerations, mix, context, servers);
    }

    /** The same with other tokens learnt. */
    public DistillOptions with(LossTokens tokens) {
        return new DistillOptions(loss, tokens, role, lmbda, sampling, numGenerations, mix, context, servers);
    }

    /** The same with several teachers that teach so. */
    public DistillOptions with(TeacherMix several) {
        return new DistillOptions(loss, learnt, role, lmbda, sampling, numGenerations, several, context, servers);
    }

    /** The same with teachers that are told more. */
    public DistillOptions with(PrivilegedContext told) {
        return new DistillOptions(loss, learnt, role, lmbda, sampling, numGenerations, mix, told, servers);
    }

    /** The same with a share of micro-batches that the student answers itself, each prompt {@code generations} times. */
    public DistillOptions onPolicy(double share, int generations, SamplingOptions how) {
        return new DistillOptions(loss, learnt, role, share, how, generations, mix, context, servers);
    }

    /**
     * The room for the student's own answers where {@code lmbda} is above 0.
     *
     * @param maxLength {@code max_length}
     * @param student tokens that the student can read
     * @param teachers their directories
     */
    public OnPolicyRows.Room room(int maxLength, int student, List<Path> teachers) {
        List<Integer> contexts = role instanceof TeacherRole.Slow
                ? List.of(student)
                : teachers.stream()
                        .map(teacher -> DecoderConfig.read(
                                        ModelSource.of(teacher).base())
                                .maxPositionEmbeddings())
                        .toList();
        return new OnPolicyRows.Room(
                sampling.settings().maxNewTokens(), maxLength, student, contexts, mix.isSelected());
    }

    /**
     * Refuses what does not fit these teachers.
     *
     * @throws ConfigurationException with every such value
     */
    void requireTeachers(int teachers) {
        Refusals refusals = Refusals.none();
        boolean fixed = role instanceof TeacherRole.Fixed || role instanceof TeacherRole.Cached;
        boolean elsewhere = role instanceof TeacherRole.Served;
        boolean bucket = role instanceof TeacherRole.Cached cached && cached.tail() == TeacherDistributions.Tail.BUCKET;
        if ((teachers < 1 && !elsewhere) || (teachers > 1 && (!fixed || loss.hidden() != null))) {
            refusals.refuse(
                    "teacher",
                    "expected one, or several that stay as they are, without hidden states, found " + teachers);
        }
        if (loss.comparesRanks() && mix.isAveraged()) {
            refusals.refuse(
                    "loss_type",
                    "expected no uld with kd_loss_mode=" + KeyName.of(mix.kdLossMode())
                            + ", found uld: sorted probabilities of teachers with tokens of their own have no mean");
        }
        boolean live = role instanceof TeacherRole.Slow slow && slow.decay() == 0;
        if (live && !context.isGiven() && !(loss.sftWeight() > 0)) {
            refusals.refuse(
                    "ema_decay",
                    "expected above 0 without privileged_context and without sft in the loss, found 0: the teacher is the"
                            + " student, so there is nothing to learn");
        }
        mix.check(Math.max(1, teachers), bucket, refusals);
        refusals.throwIfAny();
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
                    + "; distributions can only be compared over the same vocabulary. Learn from the teacher's answers"
                    + INSTEAD);
        }
    }
}
