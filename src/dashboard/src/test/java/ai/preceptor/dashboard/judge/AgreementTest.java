package ai.preceptor.dashboard.judge;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.dashboard.judge.Agreement.Signs;
import ai.preceptor.eval.Proportion;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {
    @Test
    void of_pairsByHand_countsWhatBothDecided() {
        Agreement agreement = Agreement.of(List.of(
                new Signs(1, 1, 1, true), // all agree
                new Signs(1, 1, -1, false), // the reward model is alone
                new Signs(-1, 1, -1, true), // the teacher is alone
                new Signs(0, 1, 1, false), // a tie of the person
                new Signs(-1, 0, 1, false), // the teacher is undecided
                new Signs(1, 1, 0, true))); // so is the reward model
        assertThat(agreement.judged()).isEqualTo(6);
        assertThat(agreement.ties()).isEqualTo(1);
        assertThat(agreement.teacher()).isEqualTo(new Proportion(3, 4));
        assertThat(agreement.rewardModel()).isEqualTo(new Proportion(2, 4));
        assertThat(agreement.teacherAndRewardModel()).isEqualTo(new Proportion(2, 4));
        assertThat(agreement.first()).isEqualTo(new Proportion(3, 5));
    }

    @Test
    void of_withoutRewards_hasNoAgreementWithThem() {
        Agreement agreement = Agreement.of(List.of(new Signs(1, -1, 0, true)));
        assertThat(agreement.rewardModel()).isNull();
        assertThat(agreement.teacherAndRewardModel()).isNull();
        assertThat(agreement.reply()).doesNotContainKey("reward_model").containsKey("teacher");
    }

    /** Wilson's interval of 3 of 4, worked out by hand: (0.75 + 0.48018 +- 0.59456) / 1.96036. */
    @Test
    void reply_hasWilsonsInterval() {
        Agreement agreement = new Agreement(4, 0, new Proportion(3, 4), null, null, null);
        assertThat(agreement.reply().get("teacher").toString())
                .contains("agreed=3", "of=4", "rate=0.75", "low=0.300", "high=0.954");
    }
}
