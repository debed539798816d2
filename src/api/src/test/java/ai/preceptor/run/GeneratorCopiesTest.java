package ai.preceptor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.preceptor.Preceptor;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that cannot be made leave neither a model nor files behind. */
class GeneratorCopiesTest {
    private static final SamplingOptions SAMPLING = SamplingOptions.greedy(4);
    private static final String TEMPORARY = "java.io.tmpdir";

    @TempDir
    Path temporary;

    private final String before = System.getProperty(TEMPORARY);
    private final Preceptor preceptor = Preceptor.open("cpu", 1);
    private final LoadedModel student = LoadedModel.load(
            preceptor.torch(), Golden.dir("tiny-chat"), new LoadOptions(Precision.FLOAT32, true), Boundary.REFUSE);

    @BeforeEach
    void useTheDirectory() {
        System.setProperty(TEMPORARY, temporary.toString());
    }

    @AfterEach
    void close() {
        System.setProperty(TEMPORARY, before);
        student.close();
        preceptor.close();
    }

    /** Servers may run as other users; a temporary directory is its owner's alone. */
    @Test
    void publishedWeights_belowAnotherDirectory_areReadableAsOtherFilesAre() throws IOException {
        assumeTrue(Files.getFileStore(temporary).supportsFileAttributeView("posix"));
        Path usual = Files.createDirectory(temporary.resolve("usual"));
        Path usualFile = Files.createFile(usual.resolve("file"));
        try (PublishedWeights shared = new PublishedWeights(student.model(), temporary.resolve("shared"));
                PublishedWeights own = new PublishedWeights(student.model())) {
            Path version = shared.publish(0);
            assertThat(Files.getPosixFilePermissions(version.getParent()))
                    .isEqualTo(Files.getPosixFilePermissions(usual));
            assertThat(Files.getPosixFilePermissions(version)).isEqualTo(Files.getPosixFilePermissions(usual));
            try (Stream<Path> files = Files.list(version)) {
                for (Path file : files.toList()) {
                    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usualFile));
                }
            }
            assertThat(Files.getPosixFilePermissions(own.publish(0).getParent()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    private long tensors() {
        return preceptor.torch().liveTensors();
    }

    /** The student, as if it had been loaded from another model's directory. */
    private LoadedModel from(Path other) {
        return new LoadedModel(
                other,
                student.options(),
                student.model(),
                student.tokenizer(),
                student.encoder(),
                student.boundary(),
                null);
    }

    @Test
    void of_weightsThatDoNotFit_closesTheModel() {
        LoadedModel misplaced = from(Golden.dir("models/qwen2"));
        long alive = tensors();

        assertThatThrownBy(() -> GeneratorCopies.of(misplaced, SAMPLING, 0, false))
                .isInstanceOf(RuntimeException.class);

        assertThat(tensors()).isEqualTo(alive);
    }

    /** A version below 0 cannot be published. */
    @Test
    void of_publicationThatFails_leavesNoFiles() throws IOException {
        assertThatThrownBy(() -> GeneratorCopies.of(student, SAMPLING, -1, true))
                .isInstanceOf(RuntimeException.class);

        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("preceptor-published-")))
                    .isEmpty();
        }
    }

    @Test
    void open_publishedFilesThatAreGone_closesTheModel() throws IOException {
        try (GeneratorCopies copies = GeneratorCopies.of(student, SAMPLING, 0, true)) {
            copies.open().close();
            long alive = tensors();
            AtomicFiles.deleteTree(Objects.requireNonNull(copies.files()).publish(0));

            assertThatThrownBy(copies::open).isInstanceOf(RuntimeException.class);

            assertThat(tensors()).isEqualTo(alive);
        }
    }
}
