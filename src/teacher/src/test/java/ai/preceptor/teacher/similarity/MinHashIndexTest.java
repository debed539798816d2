package ai.preceptor.teacher.similarity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MinHashIndexTest {
    private static final long SEED = 20261129;
    private static final Bands CUT = new Bands(4, 3);

    /** Few values, so that many bands are equal, and more signatures than the first tables hold. */
    private static int[] signature(Random random) {
        return random.ints(13, -4, 4).toArray();
    }

    private static Set<Integer> equalInABand(int[] signature, List<int[]> others) {
        Set<Integer> found = new TreeSet<>();
        for (int number = 0; number < others.size(); number++) {
            for (int from = 0; from < CUT.bands() * CUT.rows(); from += CUT.rows()) {
                int to = from + CUT.rows();
                if (Arrays.equals(signature, from, to, others.get(number), from, to)) {
                    found.add(number);
                }
            }
        }
        return found;
    }

    /** @param inMemory signatures there, the others on the disk */
    @ParameterizedTest
    @ValueSource(ints = {2000, 700, 0})
    void candidates_areThoseThatAgreeInABand(int inMemory) {
        Random random = new Random(SEED);
        MinHashIndex index = new MinHashIndex(CUT, new Signatures(13, inMemory));
        List<int[]> added = new ArrayList<>();
        int candidates = 0;
        for (int i = 0; i < 1500; i++) {
            int[] signature = signature(random);
            Set<Integer> found = index.candidates(signature);
            assertThat(found).as("seed %d, number %d", SEED, i).isEqualTo(equalInABand(signature, added));
            candidates += found.size();
            assertThat(index.add(signature)).isEqualTo(i);
            assertThat(index.signature(i)).isEqualTo(signature);
            added.add(signature);
        }
        assertThat(candidates).isGreaterThan(1000);
    }
}
