package ai.preceptor.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DigestIndexTest {
    private static final long SEED = 11;

    /** More texts than the first table holds, and as a map says. */
    @Test
    void find_isWhatWasPutLast() {
        DigestIndex index = new DigestIndex();
        Map<String, Long> expected = new HashMap<>();
        Random random = new Random(SEED);
        for (int i = 0; i < 5000; i++) {
            String text = "text " + random.nextInt(2000);
            assertThat(index.find(text)).as("seed %d, %s", SEED, text).isEqualTo(expected.getOrDefault(text, -1L));
            index.put(text, i);
            expected.put(text, (long) i);
            assertThat(index.size()).isEqualTo(expected.size());
        }
        expected.forEach((text, number) -> assertThat(index.find(text)).isEqualTo(number));
        assertThat(index.find("other")).isEqualTo(-1);
    }

    /** An encoding would write both as a question mark. */
    @Test
    void find_tellsHalvesOfSurrogatePairsApart() {
        DigestIndex index = new DigestIndex();
        index.put("\ud83e", 0);
        assertThat(index.find("\ud83e")).isZero();
        assertThat(index.find("\ud83d")).isEqualTo(-1);
    }

    @Test
    void put_negativeNumber_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DigestIndex().put("a", -1))
                .withMessage("number: -1, must be 0 or more");
    }
}
