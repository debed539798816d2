package ai.preceptor.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.chart.Html;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.eval.RewardReport;
import ai.preceptor.eval.ScoredPairs;
import ai.preceptor.eval.ScoredPairs.Pair;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChapterTest {
    private static final String HOSTILE = "<script>alert(1)</script>";

    @Test
    void columns_withoutAFigure_areLeftOut() {
        Chapter chapter = new Chapter(
                "t", List.of(), List.of("a", "b", "c"), List.of(List.of("-", "-", "1"), List.of("x", "", "-")), "");
        assertThat(chapter.header()).containsExactly("a", "c");
        assertThat(chapter.rows()).containsExactly(List.of("-", "1"), List.of("x", "-"));
        assertThat(new Chapter("t", List.of(), List.of("a", "b"), List.of(), "").header())
                .as("nothing is known of a table without rows")
                .containsExactly("a", "b");
    }

    /** k1 below 0 is no divergence; k3 takes its place and is named. */
    @Test
    void methods_haveIntervalsAndK3WhereK1IsNegative() throws IOException {
        Chapter chapter = MethodResult.chapter(List.of(
                result("'kl_to_reference': -0.02, 'kl_to_reference_k3': 0.03, 'kl_to_reference_k3_low': 0.01,"
                        + " 'kl_to_reference_k3_high': 0.05, 'reward': 1, 'reward_low': 0.75, 'reward_high': 1.25"),
                result("'kl_to_reference': 0.5, 'kl_to_reference_k3': 9, 'kl_to_reference_low': 0.25,"
                        + " 'kl_to_reference_high': 0.75"),
                result("'kl_to_reference': -0.02")));
        assertThat(chapter.header()).containsExactly("method", "reward", "KL");
        assertThat(chapter.rows())
                .containsExactly(
                        List.of("m", "1.000 ± 0.250", "0.030 ± 0.020 (k3)"),
                        List.of("m", "-", "0.500 ± 0.250"),
                        List.of("m", "-", "-0.020"));
        assertThat(MethodResult.printed(List.of(result("'kl_to_reference': 0.5, 'kl_to_reference_low': 0.25,"
                                + " 'kl_to_reference_high': 0.75")))
                        .rows())
                .as("a terminal is narrow")
                .containsExactly(List.of("m", "0.500"));
    }

    @Test
    void methods_teacherScore_standsBeforeTheReward() throws IOException {
        Chapter chapter = MethodResult.chapter(List.of(
                result("'teacher_score': 2, 'teacher_score_low': 1.5, 'teacher_score_high': 2.5, 'reward': 1")));
        assertThat(chapter.header()).containsExactly("method", "teacher score", "reward");
        assertThat(chapter.rows()).containsExactly(List.of("m", "2.000 ± 0.500", "1.000"));
    }

    @Test
    void methods_differences_haveASignAndAnInterval_andAreNotPrinted() throws IOException {
        List<MethodResult> results = List.of(
                result(
                        "'reward': 1, 'reward_difference': 0.5, 'reward_difference_low': 0.25, 'reward_difference_high': 0.75"));
        Chapter chapter = MethodResult.chapter(results);
        assertThat(chapter.header()).containsExactly("method", "reward", "less start");
        assertThat(chapter.rows()).containsExactly(List.of("m", "1.000", "+0.500 ± 0.250"));
        assertThat(MethodResult.printed(results).header()).containsExactly("method", "reward");
    }

    private static MethodResult result(String figures) throws IOException {
        return MethodResult.ofRow(new ObjectMapper().readTree(("{'method': 'm', " + figures + "}").replace('\'', '"')));
    }

    @Test
    void rewardReport_showsThePairsThatAreMisjudgedAsTexts() {
        Prompt prompt = Prompt.plain("Why? " + HOSTILE);
        Pair wrong = new Pair(
                new Preference(prompt, prompt.reply("good " + HOSTILE), prompt.reply("bad " + "x".repeat(5000))),
                -1,
                2.5);
        Pair right = new Pair(new Preference(prompt, prompt.reply("fine"), prompt.reply("other")), 1, 0);
        List<Chapter> chapters = RewardChapter.of(RewardReport.of(
                new ScoredPairs(List.of(right, wrong), 0),
                pair -> null,
                answer -> answer.text().asString().length()));
        String html = new ReportPage(new ReportModel("t", "s", chapters, List.of(), List.of(), List.of(), "")).render();
        assertThat(html)
                .doesNotContain("<script")
                .contains("Misjudged pairs", "Why? &lt;script&gt;", "chosen, -1.000", "good &lt;script&gt;")
                .contains("rejected, 2.500", "bad xxx", "x …")
                .doesNotContain("fine", "x".repeat(2000));
    }

    @Test
    void table_aSentenceThatBeginsWithACount_isWords() {
        String page = new Html()
                .table(
                        List.of("stage", "did", "interval"),
                        List.of(List.of("elicit", "510 preferences of 512 prompts", "73.4 to 78.8 (k3)")))
                .finish();
        assertThat(page)
                .contains(
                        "<td class=\"w\">510 preferences of 512 prompts</td>",
                        "<td class=\"n\">73.4 to 78.8 (k3)</td>");
    }
}
