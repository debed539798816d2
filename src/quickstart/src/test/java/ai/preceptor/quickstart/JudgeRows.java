package ai.preceptor.quickstart;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the embedded judge learns from: of each instruction a good answer, and three questions about good and flawed answers,
 * with the verdicts of {@link WorldRule}.
 */
final class JudgeRows {
    private static final PromptTemplate COMPARE =
            template("judge-probability.txt", Places.of("prompt", "answer_a", "answer_b"));
    private static final PromptTemplate GRADE = template("judge-score.txt", Places.of("prompt", "answer"));
    private static final PromptTemplate RIGHT = template("judge-yes_no.txt", Places.of("prompt", "answer"));

    /** From which score on an answer counts as right. */
    private static final double RIGHT_FROM = 0.95;

    /** Grades go from 1 to this and one more. */
    private static final int GRADES = 9;

    /** How many rows an instruction has. */
    static final int PER_INSTRUCTION = 4;

    private JudgeRows() {}

    private static PromptTemplate template(String name, Places places) {
        return PromptTemplate.standard(EmbeddedModels.class, name, places);
    }

    /**
     * Rows, four for an instruction.
     *
     * @param world draws the instructions and answers
     * @param instructions how many
     */
    static List<Demonstration> of(World world, int instructions, Dice dice) {
        List<Demonstration> rows = new ArrayList<>();
        for (RankedGroup group : world.groups(instructions)) {
            Prompt prompt = group.prompt();
            rows.add(new Demonstration(prompt, group.responses().get(0)));
            int first = dice.between(0, group.size() - 1);
            int second = (first + dice.between(1, group.size() - 1)) % group.size();
            double difference = group.scores().get(first) - group.scores().get(second);
            if (difference != 0) {
                rows.add(row(COMPARE, values(group, first, second), difference > 0 ? "A" : "B"));
            }
            int graded = dice.between(0, group.size() - 1);
            long grade = 1 + Math.round(GRADES * group.scores().get(graded));
            rows.add(row(GRADE, values(group, graded, graded), "Score: " + grade));
            int asked = dice.chance(0.5) ? 0 : dice.between(1, group.size() - 1);
            rows.add(row(RIGHT, values(group, asked, asked), group.scores().get(asked) >= RIGHT_FROM ? "Yes" : "No"));
        }
        return rows;
    }

    private static Map<String, String> values(RankedGroup group, int first, int second) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("prompt", PromptTemplate.prompt(group.prompt()));
        values.put("answer", group.responses().get(first).asString());
        values.put("answer_a", group.responses().get(first).asString());
        values.put("answer_b", group.responses().get(second).asString());
        return values;
    }

    private static Demonstration row(PromptTemplate template, Map<String, String> values, String verdict) {
        Prompt prompt = new Prompt(new Text.Chat(template.fill(values)));
        return new Demonstration(prompt, prompt.reply(verdict));
    }

    /** The texts of rows, for a tokenizer to learn from. */
    static List<String> texts(List<Demonstration> rows) {
        List<String> texts = new ArrayList<>();
        for (Demonstration row : rows) {
            texts.add("user\n" + row.prompt().text().asString());
            texts.add("assistant\n" + row.completion().asString());
        }
        return texts;
    }

    /** The rule's score of each answer to a prompt. */
    static List<Double> scores(Prompt prompt, List<Text> answers) {
        WorldRule rule = new WorldRule();
        return answers.stream()
                .map(answer -> rule.applyAsDouble(new Answer(prompt, answer)))
                .toList();
    }
}
