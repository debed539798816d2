package ai.preceptor.teacher.prompts;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.Draws;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The teacher writes a prompt for every combination of attributes, such as domain, level and language.
 *
 * <p>The sampling is balanced: the combinations are asked for in an order drawn from the seed, each once before any is asked
 * for again, in another order. No seeds are needed; what the columns leave out, the prompts leave out.
 */
public final class MetaPrompts implements PromptMethod {
    /** The name of its template. */
    public static final String TEMPLATE = "meta";

    static final Places PLACES = Places.of("attributes");

    private final Questions questions;
    private final PromptTemplate template;
    private final Attributes attributes;
    private final long seed;
    private List<Integer> order = List.of();
    private long asked;

    /**
     * @param template with the place {@code attributes}
     * @param seed decides the order
     */
    public MetaPrompts(Questions questions, PromptTemplate template, Attributes attributes, long seed) {
        this.questions = questions;
        this.template = template;
        this.attributes = attributes;
        this.seed = seed;
    }

    @Override
    public int step(PromptPool pool) {
        List<Map<String, String>> drawn = new ArrayList<>();
        List<List<Message>> batch = new ArrayList<>();
        for (int i = 0; i < Questions.STEP; i++) {
            Map<String, String> combination = attributes.combination(number(asked + i));
            drawn.add(combination);
            batch.add(template.fill(Map.of(
                    "attributes",
                    combination.entrySet().stream()
                            .map(entry -> entry.getKey() + ": " + entry.getValue())
                            .collect(Collectors.joining("\n")))));
        }
        List<Asked> replies = questions.texts(batch, asked);
        asked += batch.size();
        for (int i = 0; i < replies.size(); i++) {
            pool.offer(replies.get(i), Map.of("attributes", drawn.get(i)));
        }
        return batch.size();
    }

    private int number(long question) {
        int all = attributes.combinations();
        int place = (int) (question % all);
        if (place == 0 || order.isEmpty()) {
            order = new ArrayList<>(IntStream.range(0, all).boxed().toList());
            Collections.shuffle(order, Draws.of(seed, question / all));
        }
        return order.get(place);
    }
}
