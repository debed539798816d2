package ai.preceptor.evaluation;

import ai.preceptor.Student;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Text;
import ai.preceptor.eval.AnswerSet;
import ai.preceptor.eval.EvalReport;
import ai.preceptor.eval.SequenceLogprobs;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.ChatRenderer;
import ai.preceptor.teacher.JudgeStats;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.PromptProgress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Measures students one after the other: the same prompts and seeds, the same baseline, the same judges. */
public final class StudentEvaluation {
    /** The name of the baseline among the methods. */
    public static final String START = "start";

    private final List<Prompt> prompts;
    private final int samples;
    private final SamplingOptions sampling;

    /** They know the baseline's answers, if there is one, and no others: what a method is measured by. */
    private final Judges judges;

    private final Function<String, PromptProgress> progress;
    private @Nullable AnswerSet start;
    private @Nullable Candidates candidates;

    /** An evaluation that tells nobody how far it is. */
    public StudentEvaluation(List<Prompt> prompts, int samples, SamplingOptions sampling, Judges judges) {
        this(prompts, samples, sampling, judges, method -> PromptProgress.UNHEARD);
    }

    /**
     * An evaluation.
     *
     * @param prompts at least one. Those that show a model the same count once: rows of pairs repeat their prompts, which
     *     would make intervals look narrower than they are
     * @param samples answers to each, at least 1
     * @param sampling how they are drawn; the KL is left out unless the options are {@link SamplingOptions#isUnfiltered
     *     unfiltered} and a student {@link Student#samplesItself samples itself}
     * @param progress who hears how many prompts a method has answered
     */
    public StudentEvaluation(
            List<Prompt> prompts,
            int samples,
            SamplingOptions sampling,
            Judges judges,
            Function<String, PromptProgress> progress) {
        Map<Shown, Prompt> distinct = new LinkedHashMap<>();
        prompts.forEach(prompt -> distinct.putIfAbsent(Shown.of(prompt), prompt));
        this.prompts = List.copyOf(distinct.values());
        this.samples = samples;
        this.sampling = sampling;
        this.judges = judges.scoringOnce();
        this.progress = progress;
    }

    /** @param judges they know the rewards of the answers too, among which {@code best} chooses */
    private record Candidates(BestOfN best, Judges judges) {}

    /** What a model may see of a prompt: its text, and the columns that chat templates write. */
    private record Shown(Text text, Map<String, @Nullable Object> columns) {
        static Shown of(Prompt prompt) {
            Map<String, @Nullable Object> columns = new LinkedHashMap<>(prompt.columns());
            columns.keySet().retainAll(ChatRenderer.COLUMNS);
            return new Shown(prompt.text(), columns);
        }
    }

    /** The different prompts. */
    public List<Prompt> prompts() {
        return prompts;
    }

    /**
     * Measures the baseline itself.
     *
     * @throws IllegalStateException if there is none
     */
    public MethodMeasures measureBaseline() {
        Student baseline = baseline();
        AnswerSet answers = start(baseline);
        JudgeStats before = judges.stats();
        return new MethodMeasures(
                forOneMethod(answers)
                        .evaluation(answers, measuresKl(baseline))
                        .measureBaseline(START, baseline.sequenceLogprobs()),
                judges.stats().since(before),
                answers);
    }

    private Student baseline() {
        Student baseline = judges.baseline();
        if (baseline == null) {
            throw new IllegalStateException("an evaluation without a baseline");
        }
        return baseline;
    }

    /** The name of {@link #measureBestOf best-of-n} among the methods. */
    public static String bestOf(int n) {
        return "best-of-" + n;
    }

    /**
     * Measures best-of-n sampling from the baseline: of n answers to a prompt the one with the highest reward by the reward model
     * of the judges. Its answers are drawn independently of the baseline's own. In the place of an estimate of the KL there is
     * an upper bound on it, {@code log n - (n-1)/n} nats (Beirami et al. 2024, arXiv:2401.01879).
     *
     * @param n at least 2
     * @param most the largest n that will be measured: so many answers are sampled once, and every n chooses among the first n.
     *     What is chosen does not depend on it
     * @throws IllegalStateException if there is no baseline or no reward model
     */
    public MethodMeasures measureBestOf(int n, int most) {
        Student baseline = baseline();
        Candidates candidates = candidates(baseline, Math.max(n, most));
        AnswerSet best = candidates.best().best(n);
        JudgeStats before = judges.stats();
        EvalReport report = candidates
                .judges()
                .scoringOnce()
                .evaluation(start(baseline), false)
                .measure(bestOf(n), best, null, null);
        return new MethodMeasures(
                measuresKl(baseline) ? report.withKlBound(BestOfN.klBound(n)) : report,
                judges.stats().since(before),
                best);
    }

    /**
     * The last digits of a reward depend on the answers that go through a model with it. So that a method's measures do not
     * depend on which methods were measured before, its judges know the scores of the baseline's answers only.
     */
    private Judges forOneMethod(AnswerSet start) {
        judges.learn(start);
        return judges.scoringOnce();
    }

    private Candidates candidates(Student baseline, int most) {
        Candidates known = candidates;
        if (known == null || known.best().most() < most) {
            Judges own = forOneMethod(start(baseline));
            Scorer reward = own.reward();
            if (reward == null) {
                throw new IllegalStateException("best-of-n without a reward model");
            }
            // streams of their own: a contest with the answers of the start is one of independent answers
            AnswerSet answers = answers(bestOf(most), baseline, samples * most, stream -> -1 - stream);
            known = new Candidates(new BestOfN(answers, samples, reward), own);
            candidates = known;
        }
        return known;
    }

    /**
     * Measures a student, against the baseline if there is one.
     *
     * @param method its name
     * @param seconds its training took, if known
     * @throws DataException naming a prompt to which the student's answer is not finite, or that leaves no room for one
     */
    public MethodMeasures measure(String method, Student student, @Nullable Double seconds) {
        AnswerSet answers = answers(method, student);
        Student baseline = judges.baseline();
        boolean divergence = measuresKl(student);
        JudgeStats before = judges.stats();
        EvalReport report = baseline == null
                ? judges.scoringOnce()
                        .evaluation(answers, divergence)
                        .measureBaseline(method, null)
                        .withSeconds(seconds)
                : forOneMethod(start(baseline))
                        .evaluation(start(baseline), divergence)
                        .measure(method, answers, comparable(student, baseline), seconds);
        return new MethodMeasures(report, judges.stats().since(before), answers);
    }

    /** Whether a student's answers are drawn from its distribution. */
    private boolean measuresKl(Student student) {
        return sampling.isUnfiltered() && student.samplesItself();
    }

    private AnswerSet start(Student baseline) {
        if (start == null) {
            start = answers(START, baseline);
        }
        return start;
    }

    private AnswerSet answers(String method, Student student) {
        return answers(method, student, samples, stream -> stream);
    }

    /** @param streams the number of the stream of each batch */
    private AnswerSet answers(String method, Student student, int count, LongUnaryOperator streams) {
        AnswerSampler sampler = (some, stream) -> {
            try {
                return student.generate(some, count, sampling.stream(streams.applyAsLong(stream)));
            } catch (NotFiniteException e) {
                int prompt = (int) stream * AnswerSampler.BATCH + e.index();
                throw e.at(
                        student.directory() + ": answer to prompt " + prompt + " (0-based): log-probability", prompt);
            }
        };
        return new AnswerSet(prompts, sampler.sampleAll(prompts, progress.apply(method)));
    }

    /** A divergence between models of different vocabularies has no meaning. */
    private static @Nullable SequenceLogprobs comparable(Student student, Student baseline) {
        boolean same = student.model().config().vocabSize()
                == baseline.model().config().vocabSize();
        return same ? student.sequenceLogprobs() : null;
    }
}
