package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code .ci/serve} says where its Python client cannot be installed; Python is a stub here. */
class ServeCheckTest {
    private static final Path CHECK = ProjectRoot.find().resolve(".ci/serve");

    @TempDir
    Path tools;

    @BeforeEach
    void needsBash() {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/bin/bash")), "skipped: this test needs /bin/bash, which is not here");
    }

    @Test
    void withoutItsClient_countsASkip() throws Exception {
        Result result = check("true", "echo 'no route to the registry' >&2; exit 1");

        assertThat(result.code).isZero();
        assertThat(result.output).contains("SKIPPED", "no route to the registry");
        assertThat(result.output.strip()).endsWith("\n0 passed, 0 failed, 1 skipped");
    }

    @Test
    void withoutItsClient_whereTheRegistryAnswers_failsInContinuousIntegration() throws Exception {
        String onlyTheRegistryAnswers = "case \"$*\" in *urllib*) exit 0 ;; esac; echo 'no such version' >&2; exit 1";

        Result result = check("true", onlyTheRegistryAnswers);
        assertThat(result.code).isEqualTo(1);
        assertThat(result.output).contains("FAILED", "no such version");
        assertThat(result.output.strip()).endsWith("\n0 passed, 1 failed, 0 skipped");

        assertThat(check("false", onlyTheRegistryAnswers).output.strip()).endsWith("0 passed, 0 failed, 1 skipped");
    }

    private record Result(int code, String output) {}

    private Result check(String ci, String python) throws IOException, InterruptedException {
        Path stub = tools.resolve("python3");
        Files.writeString(stub, "#!/bin/sh\n" + python + "\n");
        assertThat(stub.toFile().setExecutable(true)).isTrue();
        Path output = tools.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", CHECK.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("CI", ci);
        builder.environment()
                .put("PRECEPTOR_CI_PYTHON", tools.resolve("environment").toString());
        builder.environment().merge("PATH", tools.toString(), (path, stubs) -> stubs + ":" + path);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(output));
    }
}
