package ai.preceptor.cli.command.inference;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.workers.ChunkBytes;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.WorkerDigests;
import ai.preceptor.cli.keys.OpenTools;
import ai.preceptor.cli.keys.cluster.GenerateJob;
import ai.preceptor.cli.keys.inference.GenerateConfig;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.RowBytes;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.rollout.actor.ChunkWork;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code generate} by workers. */
record GenerateStage() implements ChunkStage<GenerateJob, List<Prompt>, List<Map<String, @Nullable Object>>> {
    static GenerateJob job(GenerateConfig keys) {
        return new GenerateJob(
                keys.student(),
                keys.tools(),
                keys.plugins(),
                keys.sampling(),
                keys.numGenerations(),
                keys.seed(),
                keys.decode());
    }

    @Override
    public String name() {
        return GenerateCommand.NAME;
    }

    @Override
    public Class<GenerateJob> keys() {
        return GenerateJob.class;
    }

    @Override
    public ChunkBytes<List<Prompt>, List<Map<String, @Nullable Object>>> bytes() {
        return ChunkBytes.rows(RowBytes.PROMPTS);
    }

    @Override
    public Map<String, String> digests(GenerateJob keys) {
        return WorkerDigests.of(keys.student().model(), keys.student().adapter())
                .with(keys.tools().tools())
                .toMap();
    }

    @Override
    public ChunkWork open(GenerateJob keys, Preceptor preceptor) {
        Path directory = keys.student().model();
        OpenTools tools = keys.tools().open();
        try {
            Student student = tools.given(
                    keys.student().files(),
                    () -> preceptor.student(directory, keys.student().frozen().withDecode(keys.decode())));
            SamplingOptions options = new SamplingOptions(keys.sampling(), keys.seed());
            return bytes().work(
                            new GenerateChunk(directory, student::generate, keys.numGenerations(), options),
                            () -> close(student, tools));
        } catch (RuntimeException e) {
            tools.close();
            throw e;
        }
    }

    private static void close(Student student, OpenTools tools) {
        try (tools) {
            student.close();
        }
    }
}
