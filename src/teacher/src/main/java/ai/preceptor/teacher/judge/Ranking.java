package ai.preceptor.teacher.judge;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.teacher.chat.Asked;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several answers to a prompt in the order in which a judge reads them.
 *
 * @param answers at least two
 * @param order positions in {@code answers}, in the order shown
 */
record Ranking(Prompt prompt, List<Text> answers, List<Integer> order) {
    private static final int CODE_DIGITS = 12;

    List<Message> question(JudgePrompts prompts) {
        return prompts.fill(prompt, Map.of(JudgePrompts.ANSWERS, shown()));
    }

    /** The answers with their numbers, between marks whose code no answer can know. */
    private String shown() {
        Sha256 digest = new Sha256();
        answers.forEach(answer -> digest.add(answer.asString() + '\0'));
        String code = digest.hex().substring(0, CODE_DIGITS);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < order.size(); i++) {
            String mark = "answer " + (i + 1) + " " + code + ">";
            text.append(i == 0 ? "" : "\n\n")
                    .append("<")
                    .append(mark)
                    .append("\n")
                    .append(answers.get(order.get(i)).asString())
                    .append("\n</")
                    .append(mark);
        }
        return text.toString();
    }

    /** The number under which an answer was shown, from 1. */
    int shownAs(int answer) {
        return order.indexOf(answer) + 1;
    }

    /** Positions of the answers that the reply ranks, best first: at least two of them, or none and why. */
    Reading<List<Integer>> read(Asked reply) {
        Reading<String> line = LastLine.RANKING.of(reply);
        if (line.value() == null) {
            return Reading.none(line.problem());
        }
        Set<Integer> ranked = new LinkedHashSet<>();
        for (String number : line.value().split(" > ")) {
            int shown = Integer.parseInt(number);
            if (shown > order.size()) {
                return Reading.none(
                        "reply: expected a ranking of the answers 1 to " + order.size() + ", found " + shown);
            }
            if (!ranked.add(order.get(shown - 1))) {
                return Reading.none("reply: expected every answer once in the ranking, found " + shown + " twice");
            }
        }
        return ranked.size() < 2
                ? Reading.none("reply: expected a ranking of " + order.size() + " answers, found one answer")
                : new Reading<>(new ArrayList<>(ranked), "", line.critique());
    }
}
