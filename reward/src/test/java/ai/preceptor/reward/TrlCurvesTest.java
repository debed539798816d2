package ai.preceptor.reward;

import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.tiny.TinyChat;
import ai.preceptor.train.tiny.TrlCurve;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrlCurvesTest {

    /** From a head of zeros, as TRL's run did; one curve also in accumulated micro-batches of one pair. */
    @ParameterizedTest
    @CsvSource({
        "reward/bradley_terry, 0, 1",
        "reward/bradley_terry, 0, 4",
        "reward/center_0.01, 0.01, 1",
        "reward/margin, 0, 1"
    })
    void bradleyTerry_followsTrl(String curve, double centering, int accumulation) {
        List<Preference> rows = new ArrayList<>();
        for (Preference row : Datasets.preferences(Golden.file("pairs.jsonl"), 20, OnBadRow.FAIL)
                .rows()) {
            // the margins of that curve: 0, 0.1, 0.2, 0.3, again and again
            Double margin = curve.endsWith("margin") ? rows.size() % 4 / 10.0 : null;
            rows.add(new Preference(row.prompt(), row.chosen(), row.rejected(), margin));
        }
        TrlCurve ours = new TrlCurve();
        try (TinyChat tiny = new TinyChat()) {
            tiny.train(
                    new BradleyTerryObjective(new BradleyTerryLoss(centering)),
                    rows,
                    TinyChat.settings(4 / accumulation)
                            .gradientAccumulationSteps(accumulation)
                            .build(),
                    ours.setting());
        }
        ours.assertFollows(
                Golden.json("trl_curves.json").path(curve),
                "loss",
                "grad_norm",
                "accuracy",
                "margin",
                "mean_reward",
                "min_reward",
                "max_reward");
    }
}
