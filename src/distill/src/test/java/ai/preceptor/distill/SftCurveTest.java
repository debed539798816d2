package ai.preceptor.distill;

import ai.preceptor.data.Datasets;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.OnBadRow;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TinyChat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Five steps of training against TRL's SFTTrainer with {@code completion_only_loss}. */
class SftCurveTest {

    @Test
    void training_followsTrl() {
        List<Demonstration> rows = Datasets.preferences(Golden.file("pairs.jsonl"), 20, OnBadRow.FAIL).rows().stream()
                .map(row -> new Demonstration(row.prompt(), row.chosen()))
                .toList();
        try (TinyChat chat = new TinyChat()) {
            chat.follow(Golden.json("trl_curves.json").required("sft/completion_only"), new SftObjective(), rows, 4);
        }
    }
}
