package ai.preceptor.teacher.correction;

import ai.preceptor.data.Preference;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.setting.Range;
import ai.preceptor.teacher.Draws;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.chat.Principles;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.LeftOut;
import ai.preceptor.teacher.elicit.PromptProgress;
import ai.preceptor.teacher.elicit.RowCounter;
import ai.preceptor.teacher.elicit.RowCounts;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has a teacher criticize answers by a principle and revise them. The revision is chosen, the first answer rejected.
 *
 * <p>Sources: critique and revision by a principle that is drawn for each: Constitutional AI, Bai et al. 2022,
 * arXiv:2212.08073, section 3.1. The pair of a revision and the answer it was made from: CLAIR, D'Oosterlinck et al. 2024,
 * arXiv:2408.06266, section 3, where the revision is minimal, so that the pair differs in what matters. Departures: CAI learns
 * the revisions by supervised fine-tuning and judges pairs in a second phase; CLAIR asks for reasoning and revision in one
 * reply, and without principles.
 *
 * <p>When not to use it: with a teacher that is no better than the student at the task. Its revisions are then only its style,
 * and longer.
 *
 * <p>Every call is in the ledger of the teacher before it is used: an interrupted run is gone on with by calling again.
 */
public final class Corrector {
    /** Prompts whose answers are corrected together. */
    private static final int BATCH = 64;

    private final ChatModel teacher;
    private final CorrectionTemplates templates;
    private final Principles principles;
    private final ChatSampling sampling;
    private final int revisions;

    /**
     * A corrector.
     *
     * @param teacher stays its owner's to close
     * @param sampling how it writes; its seed, or 0, also draws the principles
     * @param revisions critiques with a revision each, 1 or more; each revises the one before
     * @throws IllegalArgumentException if {@code revisions} is below 1
     */
    public Corrector(
            ChatModel teacher,
            CorrectionTemplates templates,
            Principles principles,
            ChatSampling sampling,
            int revisions) {
        Range.require("revisions", revisions, "[1, inf)");
        this.teacher = teacher;
        this.templates = templates;
        this.principles = principles;
        this.sampling = sampling;
        this.revisions = revisions;
    }

    /** The program's own principles: helpful, true, sound, clear, harmless, fair. */
    public static Principles standardPrinciples() {
        return Principles.standard(Corrector.class, "principles.txt");
    }

    /**
     * Corrects. A pair's columns are the prompt's, {@code principles} and {@code critiques}, one of each a revision, and {@code
     * model} where several students answered. Left out are answers that are blank, repeat an earlier one to the same prompt or
     * got no critique, and revisions that were not given, are blank, were truncated, or are the first answer.
     *
     * @param answers prompts with answers; scores are not looked at
     * @param pairs takes each pair once its batch is corrected
     * @param progress told before each batch and at the end
     * @throws TeacherException if the teacher will never answer
     * @throws ScorerException if it answered none of the questions of a batch
     */
    public RowCounts correct(List<Elicited> answers, Consumer<Preference> pairs, PromptProgress progress) {
        RowCounter<Preference> counter = new RowCounter<>(
                "preferences", pairs, LeftOut.BLANK, LeftOut.MISSING, LeftOut.NO_CRITIQUE, LeftOut.UNCHANGED);
        int place = 0;
        for (int from = 0; from < answers.size(); from += BATCH) {
            progress.at(from, answers.size());
            List<AnswerCorrection> batch = new ArrayList<>();
            for (Elicited one : answers.subList(from, Math.min(answers.size(), from + BATCH))) {
                counter.prompt();
                Set<String> seen = new HashSet<>();
                for (ScoredAnswer answer : one.answers()) {
                    AnswerCorrection correction = new AnswerCorrection(one.prompt(), answer, place++);
                    if (answer.isBlank()) {
                        correction.leave(LeftOut.BLANK);
                    } else if (!seen.add(answer.text())) {
                        correction.leave(LeftOut.DUPLICATE);
                    }
                    batch.add(correction);
                }
            }
            for (int round = 0; round < revisions; round++) {
                criticize(open(batch), round);
                revise(open(batch), round);
            }
            batch.forEach(correction -> correction.count(counter));
        }
        progress.at(answers.size(), answers.size());
        return counter.counts();
    }

    private static List<AnswerCorrection> open(List<AnswerCorrection> batch) {
        return batch.stream().filter(AnswerCorrection::isOpen).toList();
    }

    private void criticize(List<AnswerCorrection> open, int round) {
        long seed = sampling.seed() == null ? 0 : sampling.seed();
        open.forEach(one -> one.by(principles.drawn(Draws.of(seed, one.place(), round))));
        List<Asked> asked = teacher.ask(open.stream()
                .map(one -> request(templates.critique(), one.values(), round))
                .toList());
        for (int i = 0; i < open.size(); i++) {
            String critique = text(asked.get(i).reply(), open.get(i));
            if (critique.isEmpty()) {
                open.get(i).leave(LeftOut.NO_CRITIQUE);
            } else {
                open.get(i).criticized(critique);
            }
        }
    }

    private void revise(List<AnswerCorrection> open, int round) {
        List<Asked> asked = teacher.ask(open.stream()
                .map(one -> request(templates.revision(), one.values(), round))
                .toList());
        for (int i = 0; i < open.size(); i++) {
            ChatReply reply = asked.get(i).reply();
            String revision = text(reply, open.get(i));
            if (reply == null) {
                open.get(i).leave(LeftOut.MISSING);
            } else if (revision.isEmpty()) {
                open.get(i).leave(LeftOut.BLANK);
            } else if (reply.isTruncated()) {
                open.get(i).leave(LeftOut.TRUNCATED_REVISION);
            } else {
                open.get(i).revised(revision);
            }
        }
    }

    private static String text(@Nullable ChatReply reply, AnswerCorrection asked) {
        return reply == null ? "" : PromptTemplate.withoutMarks(reply.text(), asked.values());
    }

    /** Each round has a seed of its own. */
    private ChatRequest request(PromptTemplate template, Map<String, String> values, int round) {
        Long seed = sampling.seed() == null ? null : sampling.seed() + round;
        return new ChatRequest(
                template.fill(values), new ChatSampling(sampling.temperature(), sampling.maxTokens(), seed));
    }
}
