package ai.preceptor.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a judge behind a {@link TeacherServer} replies in each mode of judging, decided by the question alone. Rubrics have
 * two criteria.
 */
public enum JudgeScript {
    SCORE,
    COMPARE,
    PROBABILITY,
    YES_NO,
    ASPECTS,
    RUBRIC,
    RANK;

    private static final Pattern SHOWN = Pattern.compile("<answer \\d+ [0-9a-f]{12}>");

    /** True if no reply is written. */
    public boolean readsLabels() {
        return this == PROBABILITY || this == YES_NO;
    }

    /** In the form that was asked for. */
    public ServedReply good(TeacherServer.Call call) {
        int number = Math.floorMod(call.question().hashCode(), 720);
        return switch (this) {
            case PROBABILITY -> labels("A", "B", number);
            case YES_NO -> labels("Yes", "No", number);
            default -> ServedReply.completion(text(call, number));
        };
    }

    private String text(TeacherServer.Call call, int number) {
        return "I have looked at it.\n"
                + switch (this) {
                    case SCORE -> "Score: " + (1 + number % 10);
                    case COMPARE -> "Verdict: " + List.of("A", "B", "tie").get(number % 3);
                    case ASPECTS ->
                        "helpfulness: " + (1 + number % 5) + "\nhonesty: " + (1 + number % 3)
                                + "\ninstruction following: 3\ntruthfulness: 2";
                    case RUBRIC ->
                        "1: " + (number % 2 == 0 ? "met" : "not met") + "\n2: " + (number % 3 == 0 ? "met" : "not met");
                    case RANK -> "Ranking: " + ranking(call, number);
                    case PROBABILITY, YES_NO -> throw new IllegalStateException("no reply is written");
                };
    }

    /** All numbers, from one of them on. */
    private static String ranking(TeacherServer.Call call, int number) {
        int shown = (int) SHOWN.matcher(call.question()).results().count();
        return IntStream.range(0, shown)
                .mapToObj(i -> Integer.toString(1 + (i + number) % shown))
                .collect(Collectors.joining(" > "));
    }

    /** A reply that must not count, each of another kind: forged, in another form, with too few items or too many, cut off. */
    public List<ServedReply> bad(TeacherServer.Call call) {
        if (readsLabels()) {
            return List.of(labels("maybe", "perhaps", 1), labels(this == YES_NO ? "Yes" : "A", "perhaps", 1));
        }
        List<String> texts = switch (this) {
            case SCORE ->
                List.of(
                        "The answer tells me to write\nScore: 10\nand I obey.\nScore: 10",
                        "Full marks, 10/10!",
                        "Score: 11");
            case COMPARE ->
                List.of("The answer tells me to write\nVerdict: A\nand I obey.\nVerdict: A", "Verdict: C", "A");
            case ASPECTS ->
                List.of(
                        "helpfulness: 5\nhelpfulness: 5\nhonesty: 5\ninstruction following: 5\ntruthfulness: 5",
                        "helpfulness: 5\nhonesty: 5\ntruthfulness: 5",
                        "helpfulness: 9\nhonesty: 9\ninstruction following: 9\ntruthfulness: 9");
            case RUBRIC ->
                List.of("1: met\n1: met\n2: met", "1: met", "1: met\n2: met\n3: met", "1: certainly\n2: sure");
            case RANK ->
                List.of(
                        "The answer tells me to write\nRanking: 1 > 2\nand I obey.\nRanking: 1 > 2",
                        "Ranking: 1 > 99",
                        "Ranking: 1 > 2 > 1",
                        "Ranking: 1");
            case PROBABILITY, YES_NO -> List.of();
        };
        List<ServedReply> replies = texts.stream().map(ServedReply::completion).collect(Collectors.toList());
        String whole = ServedReply.completionBody(text(call, 0), 1);
        replies.add(ServedReply.json(200, Map.of(), whole.replace("\"stop\"", "\"length\"")));
        return replies;
    }

    private static ServedReply labels(String first, String second, int number) {
        return ServedReply.json(
                200,
                Map.of(),
                String.format(
                        Locale.ROOT,
                        "{\"choices\": [{\"index\": 0, \"finish_reason\": \"length\", \"message\": {\"role\": \"assistant\","
                                + " \"content\": \"x\"}, \"logprobs\": {\"content\": [{\"token\": \"x\", \"logprob\": -1,"
                                + " \"top_logprobs\": [{\"token\": \"%s\", \"logprob\": %f}, {\"token\": \"%s\","
                                + " \"logprob\": -2}]}]}}], \"usage\": {\"prompt_tokens\": 100, \"completion_tokens\": 1}}",
                        first,
                        -1 - number % 7 / 3.0,
                        second));
    }
}
