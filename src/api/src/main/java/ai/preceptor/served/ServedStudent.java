package ai.preceptor.served;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.TeacherException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.vllm.SamplingTerms;
import ai.preceptor.vllm.VllmServers;
import ai.preceptor.vllm.VllmSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model that servers have, which answers prompts. Of its directory only the configuration, tokenizer and chat template are
 * read; the weights are those that the servers were started with.
 */
public final class ServedStudent implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final TemplateEncoder encoder;
    private final VllmServers servers;
    private final int context;

    private ServedStudent(Tokenizer tokenizer, TemplateEncoder encoder, VllmServers servers, int context) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.servers = servers;
        this.context = context;
    }

    /**
     * Connects, and compares the servers' vocabulary with the directory's.
     *
     * @param model directory with configuration, tokenizer and chat template
     * @param settings with at least one server
     * @param sampling of all answers
     * @param registry where meters go
     * @throws ConfigurationException naming what a server cannot do, or that ids mean something else to it
     * @throws TeacherException if a server does not answer
     */
    public static ServedStudent open(
            Path model, VllmSettings settings, SamplingSettings sampling, MeterRegistry registry) {
        Tokenizer tokenizer = Tokenizer.load(model);
        try {
            TemplateEncoder encoder = TemplateEncoder.load(model, tokenizer, Boundary.REFUSE);
            DecoderConfig config = DecoderConfig.read(model);
            SamplingTerms terms = new SamplingTerms(
                    new SamplingOptions(sampling, 0),
                    tokenizer.stopIds(),
                    config.vocabSize(),
                    config.maxPositionEmbeddings(),
                    ids -> tokenizer.decode(ids, true));
            VllmServers servers = VllmServers.openWithin(settings, terms, registry);
            try {
                servers.requireVocabulary(id -> tokenizer.decode(new int[] {id}, false));
                return new ServedStudent(tokenizer, encoder, servers, servers.context());
            } catch (RuntimeException e) {
                servers.close();
                throw e;
            }
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Answers prompts.
     *
     * @param prompts any number
     * @param samples answers to each, at least 1
     * @param seed of the draws; a prompt's answers depend on it and on the prompt's place
     * @return for each prompt, in order, its answers
     * @throws DataException naming a prompt that leaves no room for an answer
     * @throws TeacherException if a server keeps giving replies that cannot be right, or an answer fails again and again
     */
    public List<List<Completion>> generate(List<Prompt> prompts, int samples, long seed) {
        List<EncodedPrompt> asked = new ArrayList<>();
        for (Prompt prompt : prompts) {
            int[] ids = encoder.prompt(prompt);
            if (ids.length < 1 || ids.length >= context) {
                throw new DataException("prompt " + asked.size() + " (0-based): expected 1 to " + (context - 1)
                        + " tokens for a context of " + context + ", found " + ids.length);
            }
            asked.add(new EncodedPrompt(asked.size(), prompt, ids));
        }
        return asked.isEmpty() ? List.of() : servers.engine().generateOnce(asked, samples, seed);
    }

    @Override
    public void close() {
        try (Tokenizer closedLast = tokenizer) {
            servers.close();
        }
    }
}
