package ai.preceptor.vllm;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.TeacherException;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.WrongAnswerException;
import ai.preceptor.teacher.served.ServedVocabulary;
import ai.preceptor.teacher.served.http.CallException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a server is asked before a run: whether it can do what the run needs. On one thread. */
final class ServerStart {
    private static final Logger LOG = LoggerFactory.getLogger(ServerStart.class);

    /** Tokens of the answer that is tried. */
    private static final int TRIED = 8;

    /** Temperature at which no token keeps its log-probability. */
    private static final double FLAT = 2;

    /** Log-probabilities that differ by less are equal. */
    private static final double EQUAL = 1e-3;

    private final boolean shorter;
    private SamplingTerms terms;
    private final @Nullable String wanted;
    private String model = "";

    /** @param shorter whether a server with a shorter context shortens that of the terms, or is refused */
    ServerStart(SamplingTerms terms, boolean shorter, @Nullable String wanted) {
        this.terms = terms;
        this.shorter = shorter;
        this.wanted = wanted;
    }

    /** The student's name; the same on all servers. */
    String model() {
        return model;
    }

    /** After all have been asked. */
    SamplingTerms terms() {
        return terms;
    }

    /** Asks one. */
    void check(VllmServer server) {
        try {
            String version = server.get("/version").path("version").asText("");
            if (version.isEmpty()) {
                throw new TeacherException("rollout server " + server.name()
                        + ": expected a vLLM server, whose /version tells its version, found another");
            }
            models(server, server.get("/v1/models").path("data"));
            LOG.info("rollout server {}: vLLM {}, model {}", server.name(), version, model);
            tryAnswer(server);
        } catch (CallException e) {
            throw new TeacherException("rollout server " + server.name() + ": " + e.getMessage(), e);
        } catch (WrongAnswerException e) {
            throw new TeacherException("rollout server: cannot sample by token ids: " + e.getMessage(), e);
        }
    }

    /**
     * What a server gives for tokens: a log-probability for each but the first.
     *
     * @throws CallException if it does not answer
     * @throws TeacherException if the reply is not what it must be
     */
    float[] logprobs(VllmServer server, int[] ids) {
        int[] answer = Arrays.copyOfRange(ids, 1, ids.length);
        AnswerCall call =
                AnswerCall.of(0, 0, new EncodedPrompt(0, Prompt.plain("probe"), new int[] {ids[0]}), 0, terms);
        String served = server.model();
        try {
            return call.readScores(server.name(), served, server.completed(call.scoring(served, answer)), answer);
        } catch (WrongAnswerException e) {
            throw new TeacherException("rollout server " + e.getMessage(), e);
        }
    }

    /** Compares what ids from the whole vocabulary mean to a server. */
    void requireVocabulary(VllmServer server, IntFunction<String> spelling) {
        int[] ids = ServedVocabulary.probe(terms.vocabulary());
        int count = Math.min(ids.length, terms.context() - 1);
        AnswerCall call =
                AnswerCall.of(0, 0, new EncodedPrompt(0, Prompt.plain("probe"), new int[] {ids[0]}), 0, terms);
        int[] few = Arrays.copyOfRange(ids, 1, count);
        try {
            JsonNode places = server.completed(call.scoring(server.model(), few))
                    .path("choices")
                    .path(0)
                    .path("prompt_logprobs");
            List<String> theirs = new ArrayList<>();
            for (int i = 0; i < few.length; i++) {
                theirs.add(places.path(i + 1)
                        .path(Integer.toString(few[i]))
                        .path("decoded_token")
                        .asText(""));
            }
            ServedVocabulary.compare("rollout_url", server.name(), few, theirs, spelling);
        } catch (CallException e) {
            throw new TeacherException("rollout server " + server.name() + ": " + e.getMessage(), e);
        }
    }

    private void models(VllmServer server, JsonNode all) {
        List<String> names = new ArrayList<>();
        for (JsonNode one : all) {
            if (one.path("parent").isNull() || one.path("parent").isMissingNode()) {
                names.add(one.path("id").asText(""));
            }
        }
        String name = wanted == null && names.size() == 1 ? names.get(0) : wanted;
        if (name == null || !names.contains(name)) {
            throw new ConfigurationException("rollout_model: expected one of " + names + ", the models of "
                    + server.name() + ", found " + (name == null ? "none" : name));
        }
        if (!model.isEmpty() && !model.equals(name)) {
            throw new ConfigurationException("rollout_model: expected the same model on all servers, found " + model
                    + " and " + name + " at " + server.name());
        }
        model = name;
        for (JsonNode one : all) {
            int longest = one.path("max_model_len").asInt(Integer.MAX_VALUE);
            boolean isShort = one.path("id").asText("").equals(name) && longest < needed();
            if (isShort && shorter) {
                terms = terms.within(longest);
            } else if (isShort) {
                throw new ConfigurationException("rollout_url: " + server.name() + ": expected --max-model-len of "
                        + needed() + " or more, found " + longest);
            }
        }
    }

    /** One more where answers are read a second time. */
    private int needed() {
        return terms.context() + (terms.isReshaped() ? 1 : 0);
    }

    /** One answer to one token, drawn as those of the run, and whether log-probabilities are of what tokens are drawn from. */
    private void tryAnswer(VllmServer server) {
        SamplingSettings own = terms.settings();
        int longest = Math.min(TRIED, own.maxNewTokens());
        tried(
                server,
                terms.options()
                        .with(own.but()
                                .minNewTokens(Math.min(longest, own.minNewTokens()))
                                .maxNewTokens(longest)
                                .build()));
        if (terms.isReshaped() && !own.isGreedy()) {
            requireProcessed(server);
        }
    }

    /** At a temperature that moves every log-probability; what the run asks for may change few tokens, or none of the first. */
    private void requireProcessed(VllmServer server) {
        Tried flat = tried(server, SamplingOptions.atTemperature(FLAT, TRIED, 0));
        Completion drawn = flat.drawn();
        float[] own = flat.call()
                .readScores(
                        server.name(),
                        model,
                        server.completed(flat.call().scoring(model, drawn.tokenIds())),
                        drawn.tokenIds());
        double largest = 0;
        for (int t = 0; t < own.length; t++) {
            largest = Math.max(largest, Math.abs(own[t] - drawn.samplerLogprobs()[t]));
        }
        if (largest < EQUAL) {
            throw new ConfigurationException("rollout_url: " + server.name()
                    + ": expected log-probabilities of the distribution that tokens are drawn from, since temperature"
                    + " is not 1 or tokens are filtered; found the model's own: start it with --logprobs-mode"
                    + " processed_logprobs");
        }
    }

    private Tried tried(VllmServer server, SamplingOptions options) {
        int[] ids = {Math.min(terms.vocabulary() - 1, 1)};
        SamplingTerms some =
                new SamplingTerms(options, terms.stopIds(), terms.vocabulary(), terms.context(), terms.text());
        AnswerCall call = AnswerCall.of(0, 0, new EncodedPrompt(0, Prompt.plain("probe"), ids), 0, some);
        return new Tried(call, call.read(server.name(), model, server.completed(call.body(model))));
    }

    /** A call, and its answer. */
    private record Tried(AnswerCall call, Completion drawn) {}
}
