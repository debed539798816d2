package ai.preceptor.served;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.distill.OnPolicyRows;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.run.ServedRollouts;
import ai.preceptor.vllm.VllmEngine;
import ai.preceptor.vllm.VllmServers;
import ai.preceptor.vllm.VllmSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A student's own answers in distillation, sampled by servers that have its weights of each step. */
public final class ServedAnswers implements OnPolicyRows.Sampler, AutoCloseable {
    private static final Prompt UNNAMED = Prompt.plain("row");

    private final LoadedModel student;
    private final SamplingOptions sampling;
    private final int maxLength;
    private final VllmSettings settings;
    private @Nullable VllmServers servers;

    private ServedAnswers(LoadedModel student, SamplingOptions sampling, int maxLength, VllmSettings settings) {
        this.student = student;
        this.sampling = sampling;
        this.maxLength = maxLength;
        this.settings = settings;
    }

    /**
     * Null without servers. They are connected when the first answers are asked for.
     *
     * @param student learns; stays its owner's
     * @param sampling how tokens are drawn
     * @param maxLength most tokens of prompt and answer together
     */
    public static @Nullable ServedAnswers ifGiven(
            VllmSettings settings, LoadedModel student, SamplingOptions sampling, int maxLength) {
        return settings.isGiven() ? new ServedAnswers(student, sampling, maxLength, settings) : null;
    }

    @Override
    public void weightsOf(int step) {
        if (servers == null) {
            servers = ServedRollouts.open(student, sampling, maxLength, settings, new SimpleMeterRegistry(), step);
        }
        servers.engine().refresh(step);
    }

    @Override
    public List<List<int[]>> answers(List<int[]> prompts, int count, long seed) {
        if (servers == null) {
            throw new IllegalStateException("servers are asked before they have weights");
        }
        VllmEngine engine = servers.engine();
        List<EncodedPrompt> asked = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            asked.add(new EncodedPrompt(i, UNNAMED, prompts.get(i)));
        }
        return engine.generateOnce(asked, count, seed).stream()
                .map(group -> group.stream().map(Completion::tokenIds).toList())
                .toList();
    }

    @Override
    public void close() {
        if (servers != null) {
            servers.close();
        }
    }
}
