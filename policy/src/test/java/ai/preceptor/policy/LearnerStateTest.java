package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.policy.entropy.EntropyController;
import ai.preceptor.policy.kl.KlController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerStateTest {
    private static final KlController KL = new KlController.Fixed(0.5);

    @TempDir
    private Path checkpoint;

    private static Experience experience(@Nullable TokenSupports support) {
        Completion completion = new Completion(
                "text", new int[] {7, 9}, new float[] {-0.3f, -2}, new float[] {-0.1f, -1}, FinishReason.STOP, support);
        Trajectory trajectory = new Trajectory(Prompt.plain("p"), new int[] {5}, completion, 0, 3, Score.of(0.25));
        return new Experience(trajectory, new float[] {-0.1f, -1.1f}, null, new double[] {1, -1});
    }

    private List<Experience> again(Experience... experiences) {
        EntropyController entropy = new EntropyController.Fixed(0);
        BatchOrigin start = new BatchOrigin(4, 8, 3, KL, entropy);
        ExperienceBatch batch = new ExperienceBatch(start, List.of(experiences), 16, 3, 1.5, KL, Map.of());
        LearnerState state = new LearnerState(checkpoint);
        state.write(new LearnerState.Counted(batch, LearnerCounts.NONE, LearnerCounts.NONE));
        LearnerState.Counted read = state.read(KL, entropy);
        assertThat(read).isNotNull();
        return read.phase().experiences();
    }

    /** What a token was drawn from is needed in every pass over the batch, also in those after a restart. */
    @Test
    void read_whatWasWritten_hasItsSupports() {
        TokenSupports support =
                TokenSupports.builder().add(new int[] {3, 7, 150_000}).add(null).build();
        List<Experience> read = again(experience(support), experience(null));
        assertThat(read.get(0).trajectory().completion().support()).isEqualTo(support);
        assertThat(read.get(0).trajectory().completion().samplerLogprobs()).containsExactly(-0.1f, -1);
        assertThat(read.get(0).oldLogps()).containsExactly(-0.1f, -1.1f);
        assertThat(read.get(1).trajectory().completion().support()).isNull();
    }

    /** The tokens of tools are read again in every pass. */
    @Test
    void read_whatWasWritten_hasItsTurns() {
        ToolTurns turns =
                new ToolTurns(List.of(new ToolTurns.Turn(1, new int[] {3, 4}, "call", List.of("4", "5"))), 2, 1);
        Completion completion = new Completion(
                "text",
                new int[] {7, 9},
                new float[] {-0.3f, -2},
                new float[] {-0.1f, -1},
                FinishReason.STOP,
                null,
                turns);
        Trajectory trajectory = new Trajectory(Prompt.plain("p"), new int[] {5}, completion, 0, 3, Score.of(0.25));
        List<Experience> read =
                again(new Experience(trajectory, new float[] {-0.1f, -1.1f}, null, new double[] {1, -1}));
        assertThat(read.get(0).trajectory().completion().turns()).isEqualTo(turns);
        assertThat(read.get(0).trajectory().completion().allIds()).containsExactly(7, 3, 4, 9);
    }

    @Test
    void read_aSupportThatIsNone_isRefused() throws IOException {
        again(experience(TokenSupports.builder().add(new int[] {7}).add(null).build()));
        Path file = checkpoint.resolve("policy.jsonl");
        String text = Files.readString(file);
        assertThat(text).contains("\"support_ends\":[2,2]");
        Files.writeString(file, text.replace("\"support_ends\":[2,2]", "\"support_ends\":[2,1]"));
        assertThatThrownBy(() -> new LearnerState(checkpoint).read(KL, new EntropyController.Fixed(0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("support");
    }
}
