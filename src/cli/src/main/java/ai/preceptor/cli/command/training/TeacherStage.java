package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.workers.ChunkBytes;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.Chunks;
import ai.preceptor.cli.command.workers.WorkerDigests;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.training.DistillConfig;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.TopTokenPasses;
import ai.preceptor.distill.cache.TeacherCache;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.rollout.actor.ChunkWork;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The teacher's cache of {@code distill} by workers, whose {@code model} is the teacher. */
record TeacherStage() implements ChunkStage<StudentKeys, TeacherRows, List<TopTokens>> {
    /** Rows of a chunk. */
    private static final int ROWS = 16;

    /** The teacher, in the student's element type. */
    static StudentKeys job(DistillConfig keys) {
        return new StudentKeys(keys.teachers().get(0), keys.student().dtype(), null);
    }

    /** As the library takes those who compute. */
    static TopTokenPasses passes(Chunks<TeacherRows, List<TopTokens>> chunks) {
        return (rows, k, temperature, found) -> chunks.run(chunks(rows, k, temperature), some -> some.forEach(found));
    }

    private static Iterator<TeacherRows> chunks(Iterator<TokenRow> rows, int k, double temperature) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public TeacherRows next() {
                List<TokenRow> some = new ArrayList<>();
                do {
                    some.add(rows.next());
                } while (some.size() < ROWS && rows.hasNext());
                return new TeacherRows(k, temperature, some);
            }
        };
    }

    @Override
    public String name() {
        return DistillCommand.NAME;
    }

    @Override
    public Class<StudentKeys> keys() {
        return StudentKeys.class;
    }

    @Override
    public ChunkBytes<TeacherRows, List<TopTokens>> bytes() {
        return new ChunkBytes<>(TeacherRows::toBytes, TeacherRows::of, TeacherRows::toBytes, TeacherRows::found);
    }

    @Override
    public Map<String, String> digests(StudentKeys keys) {
        return WorkerDigests.of(keys.model(), keys.adapter()).toMap();
    }

    @Override
    public ChunkWork open(StudentKeys keys, Preceptor preceptor) {
        Student teacher = preceptor.student(keys.model(), keys.frozen());
        return bytes().work(
                        (chunk, asked) -> asked.rows().stream()
                                .map(row -> teacher.model()
                                        .topTokens(TeacherCache.packed(row), asked.k(), asked.temperature()))
                                .toList(),
                        teacher::close);
    }
}
