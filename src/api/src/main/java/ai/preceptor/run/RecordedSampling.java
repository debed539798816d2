package ai.preceptor.run;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Score.TokenScore;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.RecordedAnswers;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

/** Recorded answers in the place of the model that samples, and their scores in that of a scorer. */
public final class RecordedSampling implements GenerationEngine {
    /** By the very object: two rows may ask the same. */
    private final IdentityHashMap<Prompt, RecordedAnswers> rows = new IdentityHashMap<>();

    private final List<Prompt> prompts = new ArrayList<>();

    /** @param recorded at least one row */
    public RecordedSampling(List<RecordedAnswers> recorded) {
        for (RecordedAnswers row : recorded) {
            Prompt own = new Prompt(row.prompt().text(), row.prompt().columns());
            prompts.add(own);
            rows.put(own, row);
        }
    }

    /** What is to be asked, in the order of the rows: only these very prompts are answered. */
    public List<Prompt> prompts() {
        return List.copyOf(prompts);
    }

    @Override
    public List<List<Completion>> generate(List<EncodedPrompt> asked, int samples, long seedBase) {
        return asked.stream().map(one -> row(one.prompt()).completions()).toList();
    }

    /** Gives the recorded scores of rows that have some; all answers to a prompt together, as they are sampled. */
    public Scorer scorer() {
        return new RecordedScorer();
    }

    /** A checksum of the answers to some of the prompts and of their scores: distinguishes them from another run's. */
    public long checksum(List<Prompt> some) {
        CRC32C sum = new CRC32C();
        for (Prompt prompt : some) {
            RecordedAnswers row = row(prompt);
            for (Completion answer : row.completions()) {
                for (int t = 0; t < answer.length(); t++) {
                    update(sum, answer.tokenIds()[t]);
                    update(sum, Float.floatToIntBits(answer.logprobs()[t]));
                    update(sum, Float.floatToIntBits(answer.samplerLogprobs()[t]));
                }
                if (answer.turns() != null) {
                    answer.turns().turns().forEach(turn -> {
                        update(sum, turn.after());
                        update(sum, Arrays.hashCode(turn.ids()));
                    });
                }
                update(sum, answer.finishReason().name().hashCode());
            }
            if (row.scores() != null) {
                row.scores().forEach(score -> update(sum, score));
            }
        }
        return sum.getValue();
    }

    private static void update(CRC32C sum, Score score) {
        update(sum, Double.hashCode(score.value()));
        for (TokenScore own : score.tokenScores()) {
            update(sum, own.token());
            update(sum, Double.hashCode(own.value()));
        }
    }

    private static void update(CRC32C sum, int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            sum.update(value >>> shift);
        }
    }

    private RecordedAnswers row(Prompt prompt) {
        return Objects.requireNonNull(rows.get(prompt), "a prompt of another run");
    }

    /** The recorded scores. */
    private final class RecordedScorer implements Scorer {
        @Override
        public String name() {
            return "recorded";
        }

        @Override
        public List<Score> score(List<Answer> answers) {
            if (answers.isEmpty()) {
                return List.of();
            }
            List<Score> scores =
                    Objects.requireNonNull(row(answers.get(0).prompt()).scores(), "checked before");
            if (answers.size() != scores.size()) {
                throw new IllegalArgumentException(
                        "answers: " + answers.size() + ", must be all recorded ones to a prompt: " + scores.size());
            }
            return scores;
        }
    }
}
