package ai.preceptor.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.RewardLossReport;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.RewardObjectiveContract;
import ai.preceptor.train.Totals;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BradleyTerryObjectiveTest extends RewardObjectiveContract<Preference> {

    @Override
    protected RewardObjective<Preference> objective() {
        return new BradleyTerryObjective(new BradleyTerryLoss(0.01));
    }

    @Override
    protected Preference row(Random random) {
        return new Preference(
                Prompt.plain("prompt"),
                Text.plain("chosen".substring(random.nextInt(6))),
                Text.plain("rejected".substring(random.nextInt(8))),
                random.nextBoolean() ? random.nextDouble() : null);
    }

    private static Preference pair(Double margin) {
        return new Preference(Prompt.plain("p"), Text.plain("c"), Text.plain("r"), margin);
    }

    @Test
    void evaluate_twoPairs_reportsTrlsMetrics() {
        RewardLossReport report = new BradleyTerryObjective(new BradleyTerryLoss())
                .evaluate(List.of(pair(null), pair(null)), new float[] {1.5f, 1.25f, -0.5f, -0.5f}, new Totals(2, 0));
        assertThat(report.loss()).isCloseTo((Math.log1p(Math.exp(-0.25)) + Math.log(2)) / 2, within(1e-9));
        assertThat(report.metrics().get("accuracy").value()).isEqualTo(0.5);
        assertThat(report.metrics().get("margin").value()).isEqualTo(0.125);
        assertThat(report.metrics().get("min_reward").value()).isEqualTo(-0.5);
        assertThat(report.metrics().get("mean_reward").value()).isEqualTo(0.4375);
        assertThat(report.metrics().get("max_reward").value()).isEqualTo(1.5);
        assertThat(report.metrics()).hasSize(5);
    }

    /**
     * TRL starts with a score head of zeros, so the first loss is that of the margins alone: none, or 0, 0.1, 0.2 and 0.3
     * for the first four rows.
     */
    @ParameterizedTest
    @ValueSource(strings = {"bradley_terry", "center_0.01", "margin"})
    void evaluate_zeroRewards_equalTrlsFirstStep(String name) {
        List<Preference> pairs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pairs.add(pair(name.equals("margin") ? i / 10.0 : null));
        }
        RewardLossReport report = objective().evaluate(pairs, new float[8], new Totals(4, 0));
        JsonNode first = Golden.json("trl_curves.json")
                .required("reward/" + name)
                .required("steps")
                .get(0);
        assertThat(report.loss()).isCloseTo(first.required("loss").doubleValue(), within(1e-6));
        assertThat(report.metrics().get("accuracy").value())
                .isEqualTo(first.required("accuracy").doubleValue());
    }
}
