package ai.preceptor.run;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.vllm.AdapterPublication;
import ai.preceptor.vllm.FullWeightsPublication;
import ai.preceptor.vllm.SamplingTerms;
import ai.preceptor.vllm.StudentProbe;
import ai.preceptor.vllm.VllmServers;
import ai.preceptor.vllm.VllmSettings;
import ai.preceptor.vllm.WeightPublication;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Servers that sample in the place of a student that learns, with its weights. */
public final class ServedRollouts {
    /** Tokens of the text whose log-probabilities are compared, at most. */
    private static final int COMPARED = 64;

    private ServedRollouts() {}

    /**
     * Connects, gives them the student's weights, and compares log-probabilities.
     *
     * @param student stays its owner's
     * @param sampling how tokens are drawn
     * @param maxLength most tokens of prompt and answer together
     * @param settings with at least one server
     * @param registry where meters go
     * @param version of the weights
     * @throws ConfigurationException naming what servers cannot do
     * @throws TeacherException if a server does not answer, or has another model
     */
    public static VllmServers open(
            LoadedModel student,
            SamplingOptions sampling,
            int maxLength,
            VllmSettings settings,
            MeterRegistry registry,
            long version) {
        check(student, sampling);
        VllmServers servers = VllmServers.open(settings, terms(student, sampling, maxLength), registry);
        try {
            PublishedWeights files = files(settings, student.model());
            servers.publish(publication(student.model(), servers.model()), files, probe(student), version);
            return servers;
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    private static PublishedWeights files(VllmSettings settings, LanguageModel trained) {
        Path directory = settings.rolloutWeightsDir();
        return directory == null ? new PublishedWeights(trained) : new PublishedWeights(trained, directory);
    }

    private static WeightPublication publication(LanguageModel trained, String model) {
        return trained.trainsAdapter() ? new AdapterPublication() : new FullWeightsPublication(model);
    }

    private static SamplingTerms terms(LoadedModel student, SamplingOptions sampling, int maxLength) {
        int context = Math.min(student.model().config().maxPositionEmbeddings(), maxLength);
        return new SamplingTerms(
                sampling,
                student.tokenizer().stopIds(),
                student.model().config().vocabSize(),
                context,
                ids -> student.tokenizer().decode(ids, true));
    }

    /** What a learner needs of its sampler that servers do not give. */
    private static void check(LoadedModel student, SamplingOptions sampling) {
        Refusals refusals = Refusals.none();
        if (sampling.settings().topP() < 1
                || sampling.settings().topK() > 0
                || sampling.settings().minP() > 0) {
            refusals.refuse(
                    "rollout_url",
                    "expected top_p 1, top_k 0 and min_p 0 where servers sample for a learner: they do not tell which"
                            + " tokens a filter kept");
        }
        if (!sampling.rules().isNone()
                || !sampling.stops().strings().isEmpty()
                || !sampling.stops().ids().isEmpty()) {
            refusals.refuse("rollout_url", "expected no rules for tokens and no further stops where servers sample");
        }
        if (student.tools() != null) {
            refusals.refuse("tools", "expected none where servers sample (rollout_url), found some");
        }
        refusals.throwIfAny();
    }

    /** Ids from the whole vocabulary. */
    private static StudentProbe probe(LoadedModel student) {
        int vocabulary = student.model().config().vocabSize();
        int tokens = Math.min(COMPARED, student.model().config().maxPositionEmbeddings() / 2);
        int[] ids = IntStream.range(0, tokens)
                .map(i -> (int) ((long) i * (vocabulary - 1) / Math.max(1, tokens - 1)))
                .toArray();
        return new StudentProbe(ids, () -> {
            student.torch().bindThread();
            PackedBatch.Builder batch = PackedBatch.builder();
            batch.prompt(new int[] {ids[0]});
            batch.completion(IntStream.of(ids).skip(1).toArray());
            return student.model().logprobs(batch.build());
        });
    }
}
