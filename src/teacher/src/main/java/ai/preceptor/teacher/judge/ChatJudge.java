package ai.preceptor.teacher.judge;

import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.chat.PromptTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A language model that reads two answers and says which is better. It may favour a position: put it in an {@link
 * ai.preceptor.teacher.OrderBalancedJudge}. A reply that does not end as asked is no verdict.
 *
 * @param teacher the teacher; not closed by this
 * @param template the judge prompt, see {@link TeacherMode#standardTemplate}
 * @param maxTokens most tokens of a reply
 */
public record ChatJudge(ChatModel teacher, PromptTemplate template, int maxTokens) implements Judge {
    @Override
    public String name() {
        return teacher.name();
    }

    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
        List<Asked> asked = teacher.ask(comparisons.stream().map(this::request).toList());
        return asked.stream()
                .map(one -> LastLine.VERDICT.of(one).map(ChatJudge::verdict, Verdict::undecided))
                .toList();
    }

    private static Verdict verdict(String word) {
        return word.equals("tie") ? Verdict.TIE : Verdict.of(word.equals("A") ? 1 : 0);
    }

    private ChatRequest request(Comparison comparison) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("prompt", PromptTemplate.prompt(comparison.prompt()));
        values.put("answer_a", comparison.first().asString());
        values.put("answer_b", comparison.second().asString());
        return new ChatRequest(template.fill(values), ChatSampling.greedy(maxTokens));
    }
}
