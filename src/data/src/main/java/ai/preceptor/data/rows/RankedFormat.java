package ai.preceptor.data.rows;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ranked groups: {@code prompt}, {@code responses} and {@code scores}. */
final class RankedFormat implements RowFormat<RankedGroup> {

    @Override
    public RankedGroup parse(Row row) throws RowException {
        Text prompt = row.promptText("prompt");
        List<Text> responses = row.replies("responses", prompt);
        List<Double> scores = row.numbers("scores");
        if (responses.size() < 2) {
            throw RowException.key("responses", "a list of at least 2", "a list of " + responses.size());
        }
        if (scores.size() != responses.size()) {
            throw RowException.key(
                    "scores", "one per response (" + responses.size() + ")", "a list of " + scores.size());
        }
        return new RankedGroup(new Prompt(prompt, row.columns()), responses, scores);
    }

    @Override
    public @Nullable DropReason dropReason(RankedGroup row) {
        if (row.responses().stream().anyMatch(Text::isBlank)) {
            return DropReason.EMPTY_ANSWER;
        }
        if (new HashSet<>(row.responses()).size() == 1) {
            return DropReason.IDENTICAL_RESPONSES;
        }
        // 0.0 and -0.0 are the same score.
        boolean tie = row.scores().stream()
                .allMatch(score -> score.doubleValue() == row.scores().get(0));
        return tie ? DropReason.TIE : null;
    }
}
