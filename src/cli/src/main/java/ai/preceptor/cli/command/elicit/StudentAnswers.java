package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.workers.Chunks;
import ai.preceptor.cli.console.PromptsShown;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.run.ModelDigest;
import ai.preceptor.teacher.elicit.AnswerBatch;
import ai.preceptor.teacher.elicit.AnswerCollector;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.CollectedAnswers;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.JsonlLedger;
import ai.preceptor.teacher.elicit.PooledAnswers;
import ai.preceptor.teacher.elicit.Provenance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers of the students of a run, kept in its directory. Each student has a ledger of its own if there are several, and
 * is loaded only for answers that its ledger lacks.
 */
final class StudentAnswers {
    /** Prompts between two writes to the ledger. Fixed, because what is drawn depends on it. */
    static final int BATCH = 16;

    private static final String NOBODY = "none";

    private final ElicitRun elicit;
    private final ElicitConfig keys;
    private final Map<StudentKeys, String> digests = new HashMap<>();
    private @Nullable String teacherDigest;

    StudentAnswers(ElicitRun elicit) {
        this.elicit = elicit;
        this.keys = elicit.keys();
    }

    /**
     * Refuses a run directory that has answers, where they are not wanted; before anything of that run is overwritten.
     *
     * @param output the run directory
     * @throws ConfigurationException if there is a ledger and the run is not to be resumed
     */
    static void requireNew(Path output, boolean resume) {
        for (Path file : List.of(output.resolve(ledgerName("")), output.resolve(ledgerName("-1")))) {
            if (Files.exists(file) && !resume) {
                throw new ConfigurationException("output: " + file
                        + " already holds answers; continue with resume=true or choose another directory");
            }
        }
    }

    private Path ledger(String which) {
        return elicit.path(ledgerName(which));
    }

    private static String ledgerName(String which) {
        return "ledger" + which + ".jsonl";
    }

    /**
     * All answers to all prompts, with scores if somebody scores.
     *
     * @param teacher who scores; null for nobody
     */
    CollectedAnswers collect(List<Prompt> prompts, @Nullable Scorer teacher) {
        List<StudentKeys> students = keys.student().students();
        if (students.size() == 1) {
            return one(students.get(0), prompts, teacher, "", 0, label(students.get(0)));
        }
        PooledAnswers pool = new PooledAnswers();
        int resumed = 0;
        for (int i = 0; i < students.size(); i++) {
            StudentKeys student = students.get(i);
            CollectedAnswers own = one(student, prompts, null, "-" + (i + 1), 0, label(student));
            pool.add(student.model().toString(), own.rows());
            resumed += own.resumed();
        }
        if (teacher == null) {
            return new CollectedAnswers(pool.pooled(), resumed);
        }
        Path file = ledger("");
        try (PromptsShown progress = progress(prompts, file, "");
                JsonlLedger ledger = JsonlLedger.open(
                        file, provenance(teacher, joined(students, this::label), joined(students, this::digest)))) {
            List<Elicited> rows = AnswerCollector.scoring(teacher, pool.pooled(), BATCH)
                    .collect(prompts, ledger, progress)
                    .rows();
            return new CollectedAnswers(rows, resumed);
        }
    }

    /**
     * Answers of the only student to other prompts than the run's own.
     *
     * @param which names the ledger
     * @param stream number of the first batch, so that nothing is drawn as before
     * @param how what these prompts are
     */
    CollectedAnswers again(List<Prompt> prompts, Scorer teacher, String which, long stream, String how) {
        StudentKeys student = keys.student().students().get(0);
        return one(student, prompts, teacher, "-" + which, stream, label(student) + ", " + how);
    }

    private CollectedAnswers one(
            StudentKeys keysOfOne,
            List<Prompt> prompts,
            @Nullable Scorer teacher,
            String which,
            long stream,
            String sampler) {
        Path file = ledger(which);
        String details = teacher == null && keys.student().count() > 1
                ? keysOfOne.model().toString()
                : "";
        try (PromptsShown progress = progress(prompts, file, details);
                JsonlLedger ledger = JsonlLedger.open(file, provenance(teacher, sampler, digest(keysOfOne)))) {
            Chunks<AnswerBatch, List<Elicited>> workers = elicit.workers();
            if (workers != null) {
                return byWorkers(workers, teacher, stream).collect(prompts, ledger, progress);
            }
            return here(keysOfOne, prompts, teacher, stream, ledger, progress);
        }
    }

    /** Their numbers of batches are the collector's, from 0. */
    private AnswerCollector byWorkers(
            Chunks<AnswerBatch, List<Elicited>> workers, @Nullable Scorer teacher, long stream) {
        boolean score = elicit.workersScore();
        return AnswerCollector.answeredBy(
                (batches, answered) -> workers.run(numbered(batches, stream), answered),
                score,
                score ? null : teacher,
                BATCH);
    }

    private static Iterator<AnswerBatch> numbered(Iterator<AnswerBatch> batches, long from) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return batches.hasNext();
            }

            @Override
            public AnswerBatch next() {
                AnswerBatch batch = batches.next();
                return new AnswerBatch(batch.prompts(), batch.known(), from + batch.stream());
            }
        };
    }

    private CollectedAnswers here(
            StudentKeys keysOfOne,
            List<Prompt> prompts,
            @Nullable Scorer teacher,
            long stream,
            JsonlLedger ledger,
            PromptsShown progress) {
        try (OpenSampler student = keys.servers().isGiven()
                ? new LazyServers(elicit, keysOfOne.model())
                : new LazyModel(elicit, keysOfOne.model(), keysOfOne.frozen())) {
            AnswerSampler sampling = (some, batch) -> student.sample(some, stream + batch);
            return AnswerCollector.sampling(teacher, sampling, BATCH).collect(prompts, ledger, progress);
        }
    }

    private static String joined(List<StudentKeys> students, Function<StudentKeys, String> text) {
        return students.stream().map(text).collect(Collectors.joining("; "));
    }

    private Provenance provenance(@Nullable Scorer teacher, String sampler, String samplerDigest) {
        if (teacher == null) {
            return new Provenance(NOBODY, sampler, "", samplerDigest);
        }
        if (teacherDigest == null) {
            List<Path> local = Objects.requireNonNullElse(keys.teacher().teacher(), List.of());
            teacherDigest = local.stream().map(one -> ModelDigest.of(one, null)).collect(Collectors.joining("; "));
        }
        return new Provenance(keys.teacher().label(), sampler, teacherDigest, samplerDigest);
    }

    /** Takes about as long as reading the files, and is done once. */
    private String digest(StudentKeys student) {
        return digests.computeIfAbsent(student, own -> ModelDigest.of(own.model(), own.adapter()));
    }

    private PromptsShown progress(List<Prompt> prompts, Path file, String details) {
        return new PromptsShown(
                elicit.terminal(),
                elicit.terminal().label(ElicitCommand.NAME),
                details,
                done -> "interrupted after " + done + " of " + prompts.size() + " prompts, whose answers are in " + file
                        + "; continue with resume=true");
    }

    /** All that a student's answers depend on. */
    private String label(StudentKeys student) {
        // Ledgers know the record by the name that it had when the first was written.
        String sampling = keys.sampling().toString().replace("SamplingSettings", "SamplingKeys");
        return student.model() + " " + sampling + " x" + keys.answers() + " seed " + keys.seed()
                + (keys.servers().isGiven() ? " by servers" : elicit.decode().label());
    }
}
