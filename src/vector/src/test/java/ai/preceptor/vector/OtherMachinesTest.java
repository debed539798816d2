package ai.preceptor.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same bits on processors with shorter vectors, and interpreted. */
class OtherMachinesTest {
    @ParameterizedTest
    @CsvSource({"-XX:UseAVX=1", "-XX:UseAVX=2", "-XX:UseAVX=3", "-Xint"})
    void step_onAnotherMachine_hasTheSameBits(String flag) throws IOException, InterruptedException {
        assumeTrue(
                !flag.contains("AVX") || System.getProperty("os.arch").equals("amd64"), "vectors of another processor");
        String[] printed = run(flag).strip().split(" ", -1);
        assertThat(printed[1]).as("%s, vectors of %s bits", flag, printed[0]).isEqualTo("" + BitsProgram.bits());
    }

    @Test
    void step_again_hasTheSameBits() {
        int first = BitsProgram.bits();
        for (int i = 0; i < 50; i++) {
            assertThat(BitsProgram.bits()).isEqualTo(first);
        }
    }

    private static String run(String flag) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                flag,
                "-cp",
                System.getProperty("java.class.path"),
                BitsProgram.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(flag).isZero();
        return printed;
    }
}
