package ai.preceptor.reward;

import ai.preceptor.data.Datasets;
import ai.preceptor.data.OnBadRow;
import ai.preceptor.data.Preference;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TinyChat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Five steps of training against TRL's RewardTrainer. */
class BradleyTerryCurveTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({"bradley_terry, 0, false", "center_0.01, 0.01, false", "margin, 0, true"})
    void training_followsTrl(String name, double center, boolean margins) {
        List<Preference> rows = new ArrayList<>();
        for (Preference row : Datasets.preferences(Golden.file("pairs.jsonl"), 20, OnBadRow.FAIL)
                .rows()) {
            // the margins of that curve: 0, 0.1, 0.2, 0.3, again and again
            Double margin = margins ? rows.size() % 4 / 10.0 : null;
            rows.add(new Preference(row.prompt(), row.chosen(), row.rejected(), margin));
        }
        try (TinyChat chat = new TinyChat()) {
            chat.follow(
                    Golden.json("trl_curves.json").required("reward/" + name),
                    new BradleyTerryObjective(new BradleyTerryLoss(center)),
                    rows,
                    4);
        }
    }
}
