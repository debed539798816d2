package ai.preceptor.teacher;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * A teacher that is a language model on this machine: the score of an answer is how likely the teacher is to give it.
 *
 * <p>The log-probabilities are those of the answer's tokens as the encoder makes them, the end of turn among them, in
 * nats; by default their mean. A likelihood says what the teacher would say, not what it would find good: it prefers
 * common phrases, and its mean favours answers that repeat themselves. Check it with a rule that has nothing to do with
 * likelihood.
 *
 * <p>Answers to one prompt share its rows wherever they are in the list, and equal answers are asked once, so that
 * rounding never makes one of them better. Left unscored: an answer that is blank, longer than the limit, or cannot be
 * encoded. The model stays its owner's to close; call from the thread that owns its device.
 */
public final class LikelihoodScorer implements Scorer {
    private final String name;
    private final BoundedPasses passes;
    private final PromptEncoder encoder;
    private final Likelihood likelihood;
    private final int maxLength;

    /**
     * A scorer over a function of batches.
     *
     * @param name for metrics and reports
     * @param model gives {@code [targets]} log-probabilities of a batch
     * @param encoder the model's own
     * @param likelihood how token log-probabilities become a score
     * @param rowsPerPass most rows in one pass, at least 1, see {@link BoundedPasses}
     * @param maxLength most tokens of a prompt with its answer, at least 2; a longer answer is left unscored
     * @throws IllegalArgumentException naming the number that is out of its range
     */
    public LikelihoodScorer(
            String name,
            Function<PackedBatch, float[]> model,
            PromptEncoder encoder,
            Likelihood likelihood,
            int rowsPerPass,
            int maxLength) {
        if (maxLength < 2) {
            throw new IllegalArgumentException("max_length: " + maxLength + ", must be at least 2");
        }
        this.name = name;
        this.passes = new BoundedPasses(model, rowsPerPass);
        this.encoder = encoder;
        this.likelihood = likelihood;
        this.maxLength = maxLength;
    }

    /** The mean log-probability under a model, of answers up to the length it was made for. */
    public static LikelihoodScorer of(String name, LanguageModel model, PromptEncoder encoder) {
        return new LikelihoodScorer(
                name,
                batch -> logprobs(name, model, batch),
                encoder,
                Likelihood.MEAN,
                BoundedPasses.DEFAULT_ROWS,
                model.config().maxPositionEmbeddings());
    }

    private static float[] logprobs(String name, LanguageModel model, PackedBatch batch) {
        try {
            return model.logprobs(batch);
        } catch (NotFiniteException e) {
            throw e.at(name + ": log-probability of an answer", e.index());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        Map<Prompt, Set<Answer>> byPrompt = new LinkedHashMap<>();
        for (Answer answer : answers) {
            byPrompt.computeIfAbsent(answer.prompt(), prompt -> new LinkedHashSet<>())
                    .add(answer);
        }
        Map<Answer, Score> scores = new HashMap<>();
        Asked asked = new Asked(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        byPrompt.forEach((prompt, distinct) -> encode(prompt, distinct, asked, scores));
        List<float[]> logprobs = passes.logprobs(asked.prompts(), asked.completions());
        for (int i = 0; i < logprobs.size(); i++) {
            scores.put(asked.answers().get(i), score(logprobs.get(i)));
        }
        return answers.stream().map(scores::get).toList();
    }

    /** Passes through the model. */
    @Override
    public OptionalLong steps() {
        return OptionalLong.of(passes.passes());
    }

    /** Puts the answers that can be asked into {@code asked}, and those that cannot into {@code scores}. */
    private void encode(Prompt prompt, Set<Answer> answers, Asked asked, Map<Answer, Score> scores) {
        int[] ids = new int[0];
        String problem = null;
        try {
            ids = encoder.prompt(prompt);
            problem = ids.length == 0 ? "prompt: no tokens" : null;
        } catch (EncodingException e) {
            problem = e.getMessage();
        }
        for (Answer answer : answers) {
            if (answer.text().isBlank()) {
                scores.put(answer, Score.unscored("empty answer"));
            } else if (problem != null) {
                scores.put(answer, Score.unscored(problem));
            } else {
                encode(prompt, ids, answer, asked, scores);
            }
        }
    }

    private void encode(Prompt prompt, int[] promptIds, Answer answer, Asked asked, Map<Answer, Score> scores) {
        int[] ids;
        try {
            ids = encoder.completion(prompt, answer.text());
        } catch (EncodingException e) {
            scores.put(answer, Score.unscored(String.valueOf(e.getMessage())));
            return;
        }
        int length = promptIds.length + ids.length;
        if (length > maxLength) {
            scores.put(
                    answer,
                    Score.unscored("too long: prompt and answer have " + length + " tokens, at most " + maxLength));
            return;
        }
        asked.answers().add(answer);
        asked.prompts().add(promptIds);
        asked.completions().add(ids);
    }

    private Score score(float[] logprobs) {
        double value = likelihood.of(logprobs);
        return Double.isFinite(value) ? Score.of(value) : Score.unscored("the log-probability is " + value);
    }

    /** What goes through the model: three lists of the same size, answers to one prompt next to each other. */
    private record Asked(List<Answer> answers, List<int[]> prompts, List<int[]> completions) {}
}
