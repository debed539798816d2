package ai.preceptor.teacher.prompts;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.Draws;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The teacher continues a list of tasks: a few seeds and a few that it wrote before, drawn at random for each question.
 *
 * <p>Source: Wang et al. 2022, Self-Instruct, arXiv:2212.10560, 2.2: 8 examples, 6 of people and 2 generated; as many seeds in
 * the place of generated ones as are missing. Departures: a list from 1 instead of a completion; a truncated reply loses its
 * last item instead of all; case is kept. Which prompts stay is the pool's, {@link PromptRules#SELF_INSTRUCT}. Seeds that are
 * few or alike give prompts like them.
 */
public final class SelfInstruct implements PromptMethod {
    /** Characters of a reply that are shown where it is no list. */
    private static final int SHOWN = 200;

    /** The name of its template. */
    public static final String TEMPLATE = "self_instruct";

    static final Places PLACES = Places.of("examples", "count");

    private final Questions questions;
    private final PromptTemplate template;
    private final Examples examples;
    private final long seed;
    private long asked;

    /**
     * The examples of a question.
     *
     * @param all in a question, 1 or more
     * @param generated of them at most, 0 to {@code all}
     * @param perQuestion prompts that a question asks for, 1 or more
     */
    public record Examples(int all, int generated, int perQuestion) {
        /** @throws IllegalArgumentException if a number is out of its range */
        public Examples {
            if (all < 1 || generated < 0 || generated > all || perQuestion < 1) {
                throw new IllegalArgumentException("examples: received " + all + ", " + generated + " and "
                        + perQuestion + ", expected 1 or more, 0 to the first, and 1 or more");
            }
        }
    }

    /**
     * @param template with the places {@code examples} and {@code count}
     * @param seed decides which examples are drawn
     */
    public SelfInstruct(Questions questions, PromptTemplate template, Examples examples, long seed) {
        this.questions = questions;
        this.template = template;
        this.examples = examples;
        this.seed = seed;
    }

    /** @throws IllegalArgumentException if the pool has fewer seeds than a question has examples */
    @Override
    public int step(PromptPool pool) {
        if (pool.seeds().size() < examples.all()) {
            throw new IllegalArgumentException(
                    "seeds: received " + pool.seeds().size() + ", expected as many as examples, " + examples.all());
        }
        List<List<Message>> batch = new ArrayList<>();
        for (int i = 0; i < Questions.STEP; i++) {
            batch.add(question(pool, Draws.of(seed, asked + i)));
        }
        List<Asked> replies = questions.texts(batch, asked);
        asked += batch.size();
        replies.forEach(reply -> offer(reply, pool));
        return batch.size();
    }

    private List<Message> question(PromptPool pool, Random random) {
        List<String> made = pool.kept().stream().map(MadePrompt::text).toList();
        List<String> drawn = Draws.some(made, examples.generated(), random);
        drawn.addAll(Draws.some(pool.seeds(), examples.all() - drawn.size(), random));
        Collections.shuffle(drawn, random);
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < drawn.size(); i++) {
            list.append(i == 0 ? "" : "\n")
                    .append(i + 1)
                    .append(". ")
                    .append(drawn.get(i).strip().replaceAll("\\s+", " "));
        }
        return template.fill(Map.of("examples", list.toString(), "count", String.valueOf(examples.perQuestion())));
    }

    private static void offer(Asked asked, PromptPool pool) {
        ChatReply reply = asked.reply();
        MadePrompt none = new MadePrompt("", Map.of());
        if (reply == null) {
            pool.leaveOut(none, PromptOutcome.UNANSWERED, String.valueOf(asked.problem()));
            return;
        }
        NumberedList list = NumberedList.of(reply.text(), reply.isTruncated());
        list.items().forEach(item -> pool.offer(new MadePrompt(item, Map.of())));
        list.malformed()
                .forEach(problem ->
                        pool.leaveOut(none, PromptOutcome.MALFORMED, problem + " in: " + start(reply.text())));
    }

    /** So much of a reply that one sees what kind it is. */
    private static String start(String reply) {
        int[] points = reply.codePoints().limit(SHOWN).toArray();
        String start = new String(points, 0, points.length);
        return start.length() == reply.length() ? start : start + " ...";
    }
}
