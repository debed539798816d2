package ai.preceptor.teacher.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class MoneyTest {
    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    @Test
    void sums_areExact() {
        Money sum = Money.ZERO;
        for (int i = 0; i < 1000; i++) {
            sum = sum.plus(Money.atLeast(decimal("0.001")));
        }
        assertThat(sum).isEqualTo(Money.atMost(BigDecimal.ONE));
        assertThat(sum.minus(new Money(1))).hasToString("0.999999999");
        assertThat(sum.units()).isEqualTo(1.0);
    }

    @Test
    void rounding_isAgainstWhoPays() {
        assertThat(Money.atLeast(decimal("0.0000000011")).nanos()).isEqualTo(2);
        assertThat(Money.atMost(decimal("0.0000000019")).nanos()).isEqualTo(1);
    }

    @Test
    void whatIsTooLarge_isTheMost_andNothingIsNegative() {
        assertThat(Money.atMost(decimal("1e30"))).isEqualTo(Money.MOST);
        assertThat(Money.MOST.plus(new Money(1))).isEqualTo(Money.MOST);
        assertThat(new Money(1).minus(new Money(2))).isEqualTo(Money.ZERO);
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(-1));
    }
}
