package ai.preceptor.teacher.judge;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.teacher.chat.Principles;
import ai.preceptor.teacher.chat.PromptTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages of a judge: its template with the places filled in.
 *
 * @param template with a place {@value #PRINCIPLE} or without
 * @param principles what fills that place: one is drawn for each prompt, so all answers to it are judged by the same one
 * @param seed for drawing
 */
public record JudgePrompts(PromptTemplate template, Principles principles, long seed) {
    static final String PROMPT = "prompt";
    static final String ANSWER = "answer";
    static final String ANSWER_A = "answer_a";
    static final String ANSWER_B = "answer_b";
    static final String ANSWERS = "answers";
    static final String CRITERIA = "criteria";
    static final String PRINCIPLE = "principle";

    /**
     * The messages of one question.
     *
     * @param values of the other places
     */
    List<Message> fill(Prompt prompt, Map<String, String> values) {
        String asked = PromptTemplate.prompt(prompt);
        Map<String, String> all = new LinkedHashMap<>();
        all.put(PROMPT, asked);
        all.putAll(values);
        return template.with(PRINCIPLE, principles.of(seed, asked)).fill(all);
    }
}
