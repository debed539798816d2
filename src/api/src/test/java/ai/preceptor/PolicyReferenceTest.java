package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.kl.KlSettings;
import ai.preceptor.policy.kl.ReferenceSettings;
import ai.preceptor.policy.kl.ReferenceSettingsBuilder;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other references than the student as it was, and those that move. */
class PolicyReferenceTest {

    private static PolicyRun fixed;

    private static PolicySettings settings(ReferenceSettingsBuilder reference) {
        return PolicyRun.options(PolicyAlgorithm.RLOO)
                .kl(KlSettings.builder()
                        .beta(0.05)
                        .klPlacement(KlPlacement.BOTH)
                        .build())
                .reference(reference.build())
                .build();
    }

    private static PolicyRun run(ReferenceSettingsBuilder reference, int steps) {
        PolicyRun run = new PolicyRun();
        run.inMemory(
                PolicyRun.BREVITY, settings(reference), PolicyRun.config(steps).build());
        return run;
    }

    @BeforeAll
    static void runWithTheInitialStudent() {
        fixed = run(ReferenceSettings.builder(), 4);
    }

    @Test
    void refModel_another_isTheReference() {
        PolicyRun other = run(ReferenceSettings.builder().refModel(Golden.dir("tiny-teacher")), 1);
        assertThat(other.column("objective/kl").get(0)).isGreaterThan(1);
        PolicyRun own = run(ReferenceSettings.builder().refModel(Golden.dir("tiny-chat")), 2);
        for (String metric : List.of("objective/kl", "kl", "reward")) {
            assertThat(own.column(metric)).isEqualTo(fixed.column(metric).subList(0, 2));
        }
    }

    @Test
    void refModel_ofAnotherVocabulary_isRefused(@TempDir Path folder) throws IOException {
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Golden.dir("tiny-chat").resolve(file), folder.resolve(file));
        }
        String config = Files.readString(Golden.dir("tiny-chat").resolve("config.json"));
        Files.writeString(folder.resolve("config.json"), config.replaceAll("(\"vocab_size\": *)512", "$1528"));
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel larger =
                        LanguageModel.initialise(torch, DecoderConfig.read(folder), LoadOptions.FROZEN, 1)) {
            larger.save(folder);
        }
        assertThatThrownBy(() -> run(ReferenceSettings.builder().refModel(folder), 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ref_model: expected a vocabulary of 512 tokens, the student's, found 528")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void refModel_ofOtherShapes_isRefusedWhereItMoves() {
        Path wider = Golden.dir("tiny-teacher");
        assertThatThrownBy(() -> run(ReferenceSettings.builder().refModel(wider).syncRefModel(true), 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ref_model: expected weights of the student's shapes")
                .hasMessageContaining(wider.toString());
    }

    /** After the second step the reference is the policy: the third batch begins at a KL of 0. */
    @Test
    void refResetSteps_theReferenceBecomesThePolicy() {
        List<Double> reset =
                run(ReferenceSettings.builder().refResetSteps(2), 4).column("objective/kl");
        List<Double> kept = fixed.column("objective/kl");
        assertThat(reset.subList(0, 2)).isEqualTo(kept.subList(0, 2));
        assertThat(Math.abs(kept.get(2))).isGreaterThan(0.01);
        assertThat(reset.get(2)).isCloseTo(0, within(1e-4));
        assertThat(Math.abs(reset.get(3))).isGreaterThan(1e-3);
    }

    @Test
    void syncRefModel_theReferenceComesNearer() {
        List<Double> synced = run(
                        ReferenceSettings.builder()
                                .syncRefModel(true)
                                .refModelMixupAlpha(0.9)
                                .refModelSyncSteps(1),
                        3)
                .column("objective/kl");
        List<Double> kept = fixed.column("objective/kl");
        assertThat(synced.get(0)).isEqualTo(kept.get(0));
        for (int step = 1; step < 3; step++) {
            assertThat(Math.abs(synced.get(step))).isLessThan(0.5 * Math.abs(kept.get(step)));
        }
    }

    /** Two passes over each batch, a reset within one: the run that went on equals the straight one. */
    @Test
    void resume_withAReferenceThatMoves_equalsTheStraightRun(@TempDir Path folder) {
        PolicyOptions options = new PolicyOptions(PolicyRun.options(PolicyAlgorithm.RLOO)
                .numIterations(2)
                .kl(KlSettings.builder().klPlacement(KlPlacement.BOTH).build())
                .reference(ReferenceSettings.builder().refResetSteps(3).build())
                .build());
        TrainConfig config = PolicyRun.config(8).saveSteps(100).resume(true).build();
        new PolicyRun().in(folder.resolve("straight"), PolicyRun.BREVITY, options, config);
        for (int stop : new int[] {3, 4}) {
            Path stopped = folder.resolve("stopped-" + stop);
            assertThatThrownBy(() -> new PolicyRun().stopAfter(stop).in(stopped, PolicyRun.BREVITY, options, config))
                    .isInstanceOf(InterruptedRunException.class);
            new PolicyRun().in(stopped, PolicyRun.BREVITY, options, config);
            for (String file : List.of(
                    "metrics.jsonl",
                    "samples.jsonl",
                    "model/model.safetensors",
                    "checkpoints/step-8/reference/model.safetensors")) {
                assertThat(stopped.resolve(file))
                        .as("stopped after %d", stop)
                        .hasSameBinaryContentAs(folder.resolve("straight").resolve(file));
            }
        }
    }

    @Test
    void options_bothWaysOfMoving_areRefused() {
        assertThatThrownBy(() -> new PolicyOptions(
                        settings(ReferenceSettings.builder().syncRefModel(true).refResetSteps(5))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ref_reset_steps: expected nothing with sync_ref_model, found 5");
    }
}
