package ai.preceptor.lm.engine.timing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TinyFamilies;
import ai.preceptor.lm.engine.EngineStatistics;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.vector.StepsInJava;
import org.junit.jupiter.api.Test;

class SessionStepsTest {
    /** A head of 8, whose values Java fills up to 16: a block takes more than libtorch's. */
    @Test
    void step_smallHeads_hasAllRows_byEither() {
        StepsInJava.assumePossible();
        try (Torch torch = Torch.open("cpu", 0);
                LanguageModel model = TinyFamilies.GEMMA3.model(torch, LoadOptions.FROZEN)) {
            assertThat(model.config().headDim()).isEqualTo(8);
            for (DecodeSettings kind : DecodeSettings.inJava()) {
                assertThat(rowsOfAStep(model, kind)).as(kind.value()).isEqualTo(8);
            }
            assertThat(rowsOfAStep(model, DecodeSettings.TENSORS)).isEqualTo(8);
        }
    }

    private static long rowsOfAStep(LanguageModel model, DecodeSettings kind) {
        try (SessionSteps steps = new SessionSteps(model, kind, 8)) {
            steps.step();
            EngineStatistics statistics = steps.statistics();
            return statistics.decodedRows() / statistics.decodeSteps();
        }
    }
}
