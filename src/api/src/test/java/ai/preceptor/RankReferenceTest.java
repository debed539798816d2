package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TrainConfig;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RankReferenceTest {
    private final List<Preference> rows =
            Datasets.preferences(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL).rows();

    private List<String> told(int maxSteps) {
        Logger logger = (Logger) LoggerFactory.getLogger(RankReference.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        TrainConfig config =
                TrainConfig.builder().batchSize(2).maxSteps(maxSteps).build();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"));
                RankReference<Preference> reference = RankReference.of(
                        student,
                        RankOptions.STANDARD.precomputed(),
                        PairObjective.ofPreferences(DpoLoss.sigmoid(0.1)),
                        rows,
                        List.of(),
                        config)) {
            assertThat(reference.reference()).isNotNull();
        } finally {
            logger.setLevel(null);
            logger.detachAppender(lines);
        }
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void precompute_stepsThatReachSomeRowsOnly_areTold() {
        assertThat(told(3))
                .containsExactly("precompute_ref_log_probs: of " + rows.size()
                        + " rows max_steps=3 reaches 6; with precompute_ref_log_probs=false the reference is computed for"
                        + " these only");
        assertThat(told((rows.size() + 1) / 2)).isEmpty();
    }
}
