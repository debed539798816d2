package ai.preceptor.train.toy;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Rows of letters: prompts of 2 to 4, completions of 1 to 6. */
public final class ToyRows {

    private ToyRows() {}

    public static List<Demonstration> make(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Demonstration> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Prompt prompt = Prompt.plain(letters(random, random.nextInt(2, 5)));
            rows.add(new Demonstration(prompt, new Text.Plain(letters(random, random.nextInt(1, 7)))));
        }
        return rows;
    }

    private static String letters(SplittableRandom random, int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append((char) ('a' + random.nextInt(16)));
        }
        return letters.toString();
    }
}
