package ai.preceptor.distill;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.tiny.TinyChat;
import ai.preceptor.train.tiny.TrlCurve;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrlCurveTest {

    /** TRL trained on the chosen answers; accumulated micro-batches of one row must not move the curve. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void sft_followsTrl(int accumulation) {
        List<Demonstration> rows = Datasets.preferences(Golden.file("pairs.jsonl"), 20, OnBadRow.FAIL).rows().stream()
                .map(pair -> new Demonstration(pair.prompt(), pair.chosen()))
                .toList();
        TrlCurve ours = new TrlCurve();
        try (TinyChat tiny = new TinyChat()) {
            tiny.train(
                    new SftObjective(),
                    rows,
                    TinyChat.settings(4 / accumulation)
                            .gradientAccumulationSteps(accumulation)
                            .build(),
                    ours.setting());
        }
        ours.assertFollows(
                Golden.json("trl_curves.json").path("sft/completion_only"),
                "loss",
                "grad_norm",
                "entropy",
                "mean_token_accuracy");
    }
}
