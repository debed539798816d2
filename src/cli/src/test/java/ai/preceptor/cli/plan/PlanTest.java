package ai.preceptor.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Estimates worked out by hand, for a decoder of 2 layers: d 64, 4 heads and 2 for keys of 16, inner 160, vocabulary 512. */
class PlanTest {
    private static final ModelSize MODEL = ModelSize.of(DecoderConfig.read(Golden.dir("models/llama")));

    /** qkv 128 x 64, o 64 x 64, gate and up 320 x 64, down 64 x 160. */
    private static final long LAYER = 8_192 + 4_096 + 20_480 + 10_240;

    private static final long PARAMETERS = 512 * 64 * 2 + 2 * (LAYER + 2 * 64) + 64;

    /** 2 prompts of 3 tokens with 2 answers of 5: 26 tokens, 20 of them targets. */
    private static final Batch BATCH = new Batch(2, 2, 3, 5);

    private static final Way FULL = new Way("full", 0, false, 1, false);
    private static final Way ADAPTER = new Way("adapter", 1_000, false, 1, false);
    private static final Way DIVIDED = new Way("divided", 0, false, 4, true);

    /** 1 MiB, 2e9 operations of which half count, 1e9 in float32, 1e6 B/s of memory, 1e5 B/s of link. */
    private static final Machine MACHINE = new Machine("test", 1 << 20, 2e9, 1e9, 1e6, 1e5, 0.5, 4, 100);

    private static Job job(Precision precision, boolean exact) {
        return new Job(MODEL, null, BATCH, 4, precision, true, false, false, exact);
    }

    @Test
    void size_isThatOfTheCheckpoint() {
        assertThat(MODEL.parameters()).isEqualTo(PARAMETERS).isEqualTo(151_872);
        assertThat(MODEL.matrices()).isEqualTo(2 * LAYER);
        assertThat(MODEL.head()).isEqualTo(512 * 64);
        assertThat(MODEL.scoring().parameters()).isEqualTo(PARAMETERS - 512 * 64 + 64);
        assertThat(MODEL.scoring().head()).isEqualTo(64);
        // Queries 64 x 64 and values 32 x 64 of 2 layers, rank 3.
        assertThat(MODEL.adapter(TargetModules.STANDARD, 3)).isEqualTo(2 * 3 * (64 + 64 + 32 + 64));
        assertThatThrownBy(() -> MODEL.adapter(TargetModules.of(List.of("c_attn", "foo")), 3))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "lora_target_modules: received [\"c_attn\",\"foo\"], which is none of the model's linear modules;"
                                + " they are called [down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj]");
    }

    @Test
    void batch_countsAPromptOnce() {
        assertThat(BATCH.tokens()).isEqualTo(26);
        assertThat(BATCH.targets()).isEqualTo(20);
        // Short segments are one block of queries: 3 x 3, and 5 x (3 + 5) for each answer.
        assertThat(BATCH.pairs()).isEqualTo(2 * (9 + 2 * 40));
        // 200 tokens in blocks of 96, of which a half is hidden on average: 200 x (200 + 96) / 2.
        assertThat(new Batch(1, 0, 200, 1).pairs()).isEqualTo(29_600);
    }

    @Test
    void models_inFloat32() {
        ModelMemory memory = ModelMemory.of(job(Precision.FLOAT32, false), FULL);
        assertThat(memory)
                .isEqualTo(new ModelMemory(4 * PARAMETERS, 4 * PARAMETERS, 8 * PARAMETERS, 4 * PARAMETERS, 0, 0));
        assertThat(memory.sum()).isEqualTo(20 * PARAMETERS);
    }

    @Test
    void models_inBfloat16_haveACopyOfTheWeights() {
        assertThat(ModelMemory.of(job(Precision.BFLOAT16, false), FULL))
                .isEqualTo(new ModelMemory(6 * PARAMETERS, 4 * PARAMETERS, 8 * PARAMETERS, 2 * PARAMETERS, 0, 0));
        assertThat(ModelMemory.of(job(Precision.BFLOAT16, true), FULL).reference())
                .isEqualTo(4 * PARAMETERS);
    }

    @Test
    void models_besideAnAdapter_haveNoReferenceAndFewStates() {
        assertThat(ModelMemory.of(job(Precision.BFLOAT16, true), ADAPTER))
                .isEqualTo(new ModelMemory(2 * PARAMETERS + 6_000, 4_000, 8_000, 0, 0, 0));
    }

    @Test
    void states_areDividedByLearners_andTheCriticHasItsOwn() {
        Job job = new Job(MODEL, MODEL, BATCH, 4, Precision.FLOAT32, false, true, true, false);
        assertThat(ModelMemory.of(job, DIVIDED))
                .isEqualTo(new ModelMemory(
                        4 * PARAMETERS, 4 * PARAMETERS, 2 * PARAMETERS, 0, 10 * PARAMETERS, 4 * PARAMETERS));
    }

    @Test
    void activations_areInputsAndWhatTheBackwardPassReads() {
        // Stream 64, projected 128, attention 64, its projection 64, gate and up 320; the stream stays float32.
        assertThat(ActivationMemory.layer(MODEL, 4)).isEqualTo(4 * 640);
        assertThat(ActivationMemory.layer(MODEL, 2)).isEqualTo(4 * 64 + 2 * 576);
        long probabilities = 4 * 4 * 178;
        ActivationMemory full = ActivationMemory.of(job(Precision.FLOAT32, false), FULL);
        assertThat(full.kept()).isEqualTo(2 * 2_560 * 26 + 2 * probabilities + 4 * 20 * 512);
        assertThat(full.working()).isEqualTo(2 * 4 * 20 * 512); // two tiles of logits exceed a layer
        Way checkpointing = new Way("checkpointing", 0, true, 1, false);
        assertThat(ActivationMemory.of(job(Precision.FLOAT32, false), checkpointing)
                        .kept())
                .isEqualTo(2 * 256 * 26 + 2_560 * 26 + probabilities + 4 * 20 * 512);
    }

    @Test
    void cache_isThatOfALearnersShare() {
        Job job = new Job(MODEL, null, BATCH, 6, Precision.BFLOAT16, false, false, true, false);
        assertThat(CacheMemory.of(job, FULL)).isEqualTo(2 * 2 * 64 * 26 * 6);
        assertThat(CacheMemory.of(job, DIVIDED)).isEqualTo(2 * 2 * 64 * 26 * 2);
        assertThat(CacheMemory.of(job(Precision.FLOAT32, false), FULL)).isZero();
    }

    @Test
    void time_isOperationsOverSpeed() {
        double forward = 2.0 * 2 * LAYER * 26 + 2.0 * 512 * 64 * 20 + 4.0 * 2 * 64 * 178;
        StepTime time = StepTime.of(job(Precision.FLOAT32, false), FULL, MACHINE);
        assertThat(time.training()).isCloseTo(4 * 3 * forward / 1e9, within(1e-12));
        assertThat(time.frozen()).isCloseTo(4 * forward / 1e9, within(1e-12));
        assertThat(time.optimizer()).isCloseTo(28 * PARAMETERS / 1e6, within(1e-12));
        assertThat(time.exchange()).isZero();
        assertThat(time.rollout()).isZero();
        StepTime exact = StepTime.of(job(Precision.BFLOAT16, true), FULL, MACHINE);
        assertThat(exact.training()).isCloseTo(4 * (forward / 5e8 + 2 * forward / 1e9), within(1e-12));
        StepTime adapter = StepTime.of(job(Precision.BFLOAT16, true), ADAPTER, MACHINE);
        assertThat(adapter.training()).isCloseTo(4 * (2 * forward + 6.0 * 1_000 * 26) / 1e9, within(1e-12));
    }

    @Test
    void learners_divideMicroBatchesAndExchangeGradients() {
        StepTime one = StepTime.of(job(Precision.FLOAT32, false), FULL, MACHINE);
        StepTime four = StepTime.of(job(Precision.FLOAT32, false), DIVIDED, MACHINE);
        assertThat(four.training()).isCloseTo(one.training() / 4, within(1e-12));
        assertThat(four.frozen()).isEqualTo(one.frozen());
        assertThat(four.optimizer()).isCloseTo(one.optimizer() / 4, within(1e-12));
        // 2 x 3/4 of the gradients for their sum, 3/4 of the weights to take the others' rows.
        assertThat(four.exchange()).isCloseTo(2.25 * 4 * PARAMETERS / 1e5, within(1e-9));
    }

    @Test
    void generation_isBoundByMemory_orByOperations() {
        Job job = new Job(MODEL, null, BATCH, 1, Precision.FLOAT32, false, false, true, false);
        double prompts = 2.0 * 2 * LAYER * 6 / 1e9;
        // 4 answers; cached 4 B x 2 layers x 64 a token, 3 + 5 / 2 tokens each on average.
        double reading = (4 * PARAMETERS + 512.0 * 4 * 5.5) / 1e6;
        assertThat(StepTime.of(job, FULL, MACHINE).rollout()).isCloseTo(prompts + 5 * reading, within(1e-12));
        Machine wide = new Machine("test", 1 << 20, 2e9, 1e9, 1e12, 1e5, 0.5, 1, 100);
        double computing = 2.0 * (2 * LAYER + 512 * 64) * 4 / 1e9;
        assertThat(StepTime.of(job, FULL, wide).rollout()).isCloseTo(prompts + 5 * computing, within(1e-12));
    }

    @Test
    void rows_fitWhereThePeakIsWithinMemory() {
        Plan plan = Plan.of(job(Precision.FLOAT32, false), 1_000, MACHINE);
        assertThat(plan.rows())
                .hasSize(8)
                .allSatisfy(row -> assertThat(row.fits()).isEqualTo(row.peak() <= 1 << 20));
        assertThat(plan.rows()).extracting(PlanRow::fits).contains(true, false);
        List<String> table = plan.table();
        assertThat(table.get(0)).startsWith("GiB a device").endsWith("s/step").doesNotContain("critic", "kv cache");
        JsonNode first = plan.json().path("rows").path(0);
        assertThat(first.path("bytes").path("states").asLong()).isEqualTo(8 * PARAMETERS);
        assertThat(first.path("bytes").path("peak").asLong())
                .isEqualTo(plan.rows().get(0).peak());
    }
}
