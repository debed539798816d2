package ai.preceptor.teacher.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.elicit.PromptProgress;
import ai.preceptor.teacher.prompts.SelfInstruct.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SelfInstructTest extends PromptMethodContract {
    @Override
    protected PromptMethod method(ScriptedChat chat, long seed) {
        return new SelfInstruct(
                new Questions(chat, new ChatSampling(1, 100, seed)),
                PromptTemplates.read(null).named(SelfInstruct.TEMPLATE),
                new Examples(8, 2, 2),
                seed);
    }

    @Override
    protected ScriptedChat chat() {
        return new ScriptedChat(
                question -> "1. Tell about number " + question.seed() + "\n2. Tell about letter " + question.seed());
    }

    private static List<String> examples(String question) {
        return Pattern.compile("(?m)^\\d+\\. (.*)$")
                .matcher(question.substring(0, question.indexOf("</examples")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void questions_haveEightExamples_twoOfThemMadeBefore() {
        ScriptedChat chat = chat();
        new PromptGeneration(method(chat, 3), 100).run(pool(40), PromptProgress.UNHEARD);
        assertThat(chat.questions.subList(0, 8))
                .allSatisfy(question -> assertThat(examples(question)).containsExactlyInAnyOrderElementsOf(seeds()));
        assertThat(chat.questions.subList(8, 16)).allSatisfy(question -> {
            assertThat(examples(question)).hasSize(8);
            assertThat(examples(question).stream().filter(seeds()::contains))
                    .hasSize(6)
                    .doesNotHaveDuplicates();
        });
        assertThat(chat.questions.get(0)).contains("Write 2 new tasks");
    }

    @Test
    void prompts_thatAreSimilar_tooLongOrBlacklisted_areLeftOut() {
        ScriptedChat chat = new ScriptedChat(question -> """
                Here they are:
                1. Explain why the sky is so blue.
                2. Explain why the sky is blue.
                3. Be brief.
                4. Draw a map of the old town.
                5. Describe how bread
                   is baked at home.
                6. ¿Cómo se llama el mar del norte?
                8. Out of order, this one is.
                """);
        PromptPool pool = new PromptPool(PromptRules.SELF_INSTRUCT, seeds(), 1);
        PromptsMade made = new PromptGeneration(method(chat, 3), 100).run(pool, PromptProgress.UNHEARD);
        assertThat(made.kept()).extracting(MadePrompt::text).containsExactly("Describe how bread is baked at home.");
        // ROUGE-L of 6 common words in 6 and 7
        assertThat(made.leftOut().subList(0, 4))
                .extracting(one -> one.outcome() + " " + one.detail())
                .containsExactly(
                        "TOO_SIMILAR ROUGE-L 0.923",
                        "DUPLICATE a seed or an earlier prompt",
                        "MALFORMED 2 words, at least 4",
                        "MALFORMED contains \"map\"");
    }

    @Test
    void run_withoutAnythingNew_endsWithAReason() {
        ScriptedChat chat = new ScriptedChat(question -> "1. Explain why the sky is blue.");
        PromptsMade made = new PromptGeneration(method(chat, 3), 20).run(pool(5), PromptProgress.UNHEARD);
        assertThat(made.kept()).isEmpty();
        assertThat(made.questions()).isEqualTo(24);
        assertThat(made.ending()).isEqualTo("stopped after 24 questions in a row without a new prompt, at most 20");
        assertThat(made.summary()).startsWith("0 prompts of 24 generated, 24 duplicate; 24 questions; stopped");
        assertThat(made.toRow())
                .containsEntry("prompts/generated", 24)
                .containsEntry("prompts/kept", 0)
                .containsEntry("prompts/duplicate", 24);
    }

    @Test
    void replyThatIsNoList_isShownByItsStart() {
        ScriptedChat chat = new ScriptedChat(question -> "I would rather not. " + "No. ".repeat(100));
        List<Integer> heard = new ArrayList<>();
        PromptsMade made = new PromptGeneration(method(chat, 3), 1).run(pool(5), (done, total) -> heard.add(done));
        assertThat(heard).as("none was made").isNotEmpty().containsOnly(0);
        assertThat(made.leftOut().get(0).detail())
                .startsWith("no numbered list in: I would rather not. No. ")
                .endsWith(" ...")
                .hasSize("no numbered list in:  ...".length() + 200);
    }

    @Test
    void pool_takesAPromptOnce_whateverWhiteSpaceItHas() {
        PromptPool pool = new PromptPool(PromptRules.ANY, List.of("Say\u3000one"), 5);
        assertThat(pool.offer(new MadePrompt("say\u2003ONE", Map.of()))).isEqualTo(PromptOutcome.DUPLICATE);
        assertThat(pool.kept()).isEmpty();
    }

    @Test
    void step_withFewerSeedsThanExamples_isRefused() {
        PromptPool pool = new PromptPool(PromptRules.ANY, List.of("one"), 5);
        assertThatThrownBy(() -> method(chat(), 1).step(pool))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seeds: received 1, expected as many as examples, 8");
    }

    @Test
    void numberedList_isReadStrictly() {
        assertThat(NumberedList.of("1. a\n2) b\n\nDone. 3", false))
                .isEqualTo(new NumberedList(List.of("a", "b"), List.of()));
        assertThat(NumberedList.of("2. a", false))
                .isEqualTo(new NumberedList(List.of(), List.of("item 2 in the place of 1")));
        assertThat(NumberedList.of("1. a\n2. b", true).items()).containsExactly("a");
        assertThat(NumberedList.of("I would rather not.", false).malformed()).containsExactly("no numbered list");
        assertThat(NumberedList.of("1.a\n", false).items()).isEmpty();
    }
}
