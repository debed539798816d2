package ai.preceptor.cli.keys.inference;

import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes of files as transformers writes them: {@code 5GB} is 5 * 1000^3 bytes, {@code 5GiB} is 5 * 1024^3. */
final class ShardSize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)(?:([KMGT])(i?)B)?");

    private ShardSize() {}

    /** The number of bytes, or empty when the text is no size or the size no number of bytes from 1 to 2^63 - 1. */
    static OptionalLong bytes(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return OptionalLong.empty();
        }
        int power = form.group(2) == null ? 0 : "KMGT".indexOf(form.group(2)) + 1;
        BigDecimal unit =
                BigDecimal.valueOf("i".equals(form.group(3)) ? 1024 : 1000).pow(power);
        BigDecimal bytes = new BigDecimal(form.group(1)).multiply(unit);
        boolean legal =
                bytes.compareTo(BigDecimal.ONE) >= 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
        return legal ? OptionalLong.of(bytes.longValue()) : OptionalLong.empty();
    }
}
