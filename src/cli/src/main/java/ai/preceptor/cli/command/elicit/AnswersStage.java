package ai.preceptor.cli.command.elicit;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.workers.ChunkBytes;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.WorkerDigests;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.cluster.AnswersJob;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.rollout.actor.ChunkWork;
import ai.preceptor.teacher.elicit.AnswerBatch;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.Elicited;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers of the student of {@code elicit}, and the scores of a teacher that is not asked in words, by workers. */
record AnswersStage() implements ChunkStage<AnswersJob, AnswerBatch, List<Elicited>> {
    static AnswersJob job(ElicitConfig keys, StudentKeys student) {
        ElicitConfig.TeacherKeys teacher = keys.teacher();
        List<Path> models = keys.workersScore() ? teacher.teacher() : null;
        return new AnswersJob(
                student,
                models == null ? null : models.get(0),
                teacher.rule(),
                keys.plugins(),
                keys.sampling(),
                keys.answers(),
                keys.seed(),
                keys.decode());
    }

    @Override
    public String name() {
        return ElicitCommand.NAME;
    }

    @Override
    public Class<AnswersJob> keys() {
        return AnswersJob.class;
    }

    @Override
    public ChunkBytes<AnswerBatch, List<Elicited>> bytes() {
        return new ChunkBytes<>(
                AnswerBatch::toBytes, AnswerBatch::of, AnswerBatch::answersToBytes, AnswerBatch::answersOf);
    }

    @Override
    public Map<String, String> digests(AnswersJob keys) {
        return WorkerDigests.of(keys.student().model(), keys.student().adapter())
                .withTeacher(keys.teacher())
                .with(keys.rule())
                .toMap();
    }

    @Override
    public ChunkWork open(AnswersJob keys, Preceptor preceptor) {
        Scorer scorer = scorer(keys, preceptor);
        try {
            Student student = preceptor.student(
                    keys.student().model(), keys.student().frozen().withDecode(keys.decode()));
            SamplingOptions options = new SamplingOptions(keys.sampling(), keys.seed());
            AnswerSampler sampler =
                    (prompts, stream) -> student.generate(prompts, keys.numGenerations(), options.stream(stream));
            return bytes().work((chunk, batch) -> batch.answers(sampler, scorer), () -> close(student, scorer));
        } catch (RuntimeException e) {
            if (scorer != null) {
                scorer.close();
            }
            throw e;
        }
    }

    private static @Nullable Scorer scorer(AnswersJob keys, Preceptor preceptor) {
        if (!keys.scores()) {
            return null;
        }
        return keys.rule().isGiven()
                ? keys.rule().open()
                : preceptor.scorer(Objects.requireNonNull(keys.teacher()), keys.scoring());
    }

    private static void close(Student student, @Nullable Scorer scorer) {
        try (student) {
            if (scorer != null) {
                scorer.close();
            }
        }
    }
}
