package ai.preceptor;

import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.TopTokenTeacher;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.teacher.served.ServedTopTokens;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A teacher behind a server that is asked for its most probable tokens at the loss tokens of rows. */
record ServedTeaching(ServedTopTokens served, String identity) implements TopTokenTeacher {

    @Override
    public void check() {
        served.check();
    }

    @Override
    public void check(int k) {
        served.check(k);
    }

    @Override
    public List<@Nullable TopTokens> topTokens(List<TokenRow> rows, int k) {
        return served.topTokens(rows.stream().map(ServedTeaching::places).toList(), k);
    }

    private static ServedTopTokens.Places places(TokenRow row) {
        int prompt = row.prompt().length;
        int[] ids = Arrays.copyOf(row.prompt(), prompt + row.completion().length);
        System.arraycopy(row.completion(), 0, ids, prompt, row.completion().length);
        int[] places = IntStream.range(0, row.completion().length)
                .filter(i -> row.learnt()[i])
                .map(i -> prompt + i)
                .toArray();
        return new ServedTopTokens.Places(ids, places);
    }
}
