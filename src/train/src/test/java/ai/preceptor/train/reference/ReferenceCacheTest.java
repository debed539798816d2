package ai.preceptor.train.reference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Demonstration;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.rows.Packer;
import ai.preceptor.train.toy.LetterEncoder;
import ai.preceptor.train.toy.ToyModel;
import ai.preceptor.train.toy.ToyObjective;
import ai.preceptor.train.toy.ToyRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceCacheTest {
    private static final int VOCABULARY = 16;
    private static final Packer<Demonstration> PACKER =
            (row, into) -> new ToyObjective(1).pack(row, new LetterEncoder(VOCABULARY), into);

    private final List<Demonstration> rows = ToyRows.make(7, 3);
    private final Counted model = new Counted(new ToyModel(VOCABULARY, 0, 5));

    @TempDir
    Path directory;

    /** A reference that counts how often it is run. */
    private static final class Counted implements Reference.FrozenModel {
        private final ToyModel model;
        private int forwards;

        Counted(ToyModel model) {
            this.model = model;
        }

        @Override
        public float[] logprobs(PackedBatch batch) {
            forwards++;
            return model.logprobs(batch);
        }
    }

    @Test
    void reference_ofTheSameRowsAgain_isReadToTheBitWithoutAForward() throws IOException {
        float[] computed = all(reference(rows, "model"), rows);
        assertThat(model.forwards).as("7 rows, 3 together").isEqualTo(3);
        assertThat(computed)
                .isEqualTo(all(PrecomputedReference.compute(rows, PACKER, 3, model.model), rows))
                .isNotEmpty();

        List<Demonstration> again = ToyRows.make(7, 3);
        assertThat(all(reference(again, "model"), again)).isEqualTo(computed);
        assertThat(model.forwards).as("none more").isEqualTo(3);
        assertThat(files()).hasSize(1);
        assertThat(Files.size(files().get(0)))
                .as("4 bytes a token, 8 a row, a header")
                .isBetween(4L * computed.length + 56, 4L * computed.length + 56 + 512);
    }

    @Test
    void reference_ofOtherRowsOrAnotherModel_isComputed() throws IOException {
        reference(rows, "model");
        reference(rows, "trained model");
        reference(rows.subList(0, 6), "model");
        List<Demonstration> reordered = new ArrayList<>(rows);
        reordered.add(reordered.remove(0));
        reference(reordered, "model");

        assertThat(model.forwards).isEqualTo(3 + 3 + 2 + 3);
        assertThat(files()).hasSize(4);
    }

    /** What may have become of a file. */
    enum Damage {
        EMPTY {
            @Override
            byte[] done(byte[] bytes) {
                return new byte[0];
            }
        },
        TORN {
            @Override
            byte[] done(byte[] bytes) {
                return Arrays.copyOf(bytes, bytes.length - 5);
            }
        },
        FLIPPED {
            @Override
            byte[] done(byte[] bytes) {
                bytes[bytes.length - 3] ^= 1;
                return bytes;
            }
        },
        FOREIGN {
            @Override
            byte[] done(byte[] bytes) {
                return "someone else's".repeat(20).getBytes(StandardCharsets.UTF_8);
            }
        },
        OTHER_KEY {
            @Override
            byte[] done(byte[] bytes) {
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                int key = text.indexOf("\"key\":\"") + 7;
                bytes[key] = (byte) (bytes[key] == '0' ? '1' : '0');
                return bytes;
            }
        };

        abstract byte[] done(byte[] bytes);
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void reference_fileThatIsNotWhatItShouldBe_isComputedAnewAndReplaced(Damage damage) throws IOException {
        float[] computed = all(reference(rows, "model"), rows);
        Path file = files().get(0);
        byte[] sound = Files.readAllBytes(file);
        Files.write(file, damage.done(sound.clone()));

        assertThat(all(reference(rows, "model"), rows)).isEqualTo(computed);
        assertThat(model.forwards).isEqualTo(6);
        assertThat(Files.readAllBytes(file)).isEqualTo(sound);
        assertThat(files()).as("nothing is left aside").hasSize(1);
    }

    @Test
    void reference_cacheThatCannotBeWritten_isUsedAllTheSame() throws IOException {
        Path blocked = Files.writeString(directory.resolve("file"), "in the way");
        ReferenceCache cache = new ReferenceCache(blocked.resolve("cache"));

        assertThat(all(cache.reference(rows, PACKER, 3, "model", model), rows))
                .isEqualTo(all(PrecomputedReference.compute(rows, PACKER, 3, model.model), rows));
    }

    private PrecomputedReference<Demonstration> reference(List<Demonstration> some, String name) {
        return new ReferenceCache(directory.resolve("cache")).reference(some, PACKER, 3, name, model);
    }

    private static float[] all(Reference<Demonstration> reference, List<Demonstration> rows) {
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> PACKER.pack(row, builder));
        return reference.logprobs(rows, builder.build());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            return files.toList();
        }
    }
}
