package ai.preceptor.teacher.served.client;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.teacher.ledger.Money;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What calls cost, in any unit.
 *
 * @param maxCost null for no limit; what is smaller than a billionth of the unit does not count
 */
public record Prices(
        @Key(help = "price per million prompt tokens", defaultValue = "0", range = "[0, inf)", effect = KeyEffect.NONE)
        double promptPrice,

        @Key(
                help = "price per million completion tokens",
                defaultValue = "0",
                range = "[0, inf)",
                effect = KeyEffect.NONE)
        double completionPrice,

        @Key(
                help = "maximum total cost of all calls in the ledger",
                defaultText = "no limit",
                range = "(0, inf)",
                effect = KeyEffect.NONE)
        @Nullable
        Double maxCost) {
    /** Nothing is paid. */
    public static final Prices FREE = new Prices(0, 0, null);

    private static final int MILLION_DIGITS = 6;

    /** @throws ai.preceptor.data.ConfigurationException naming every value that is out of its range */
    public Prices {
        Refusals.of(Prices.class, promptPrice, completionPrice, maxCost).throwIfAny();
    }

    /** Exact for the decimal numbers that the prices are, then rounded up to a billionth. */
    Money of(long promptTokens, long completionTokens) {
        BigDecimal read = BigDecimal.valueOf(promptPrice).multiply(BigDecimal.valueOf(promptTokens));
        BigDecimal written = BigDecimal.valueOf(completionPrice).multiply(BigDecimal.valueOf(completionTokens));
        return Money.atLeast(read.add(written).movePointLeft(MILLION_DIGITS));
    }

    /** {@link Money#MOST} for no cap. */
    Money cap() {
        return maxCost == null ? Money.MOST : Money.atMost(BigDecimal.valueOf(maxCost));
    }
}
