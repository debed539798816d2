package ai.preceptor.teacher.judge;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import java.util.ArrayList;
import java.util.List;

/**
 * How often each question is asked, and how replies are drawn. The outcome of a question is the mean over its votes that
 * can be read, as Lee et al. 2024, RLAIF, arXiv:2309.00267, section 2.1 average over sampled rationales.
 *
 * @param count replies to each question, at least 1
 * @param temperature 0 or more; above 0 if {@code count} is above 1, since equal replies are one vote
 * @param seed of the first vote of a question; the others have the following ones
 * @param maxTokens most tokens of a reply
 */
public record Votes(int count, double temperature, long seed, int maxTokens) {
    /** @throws IllegalArgumentException naming what is out of its range */
    public Votes {
        if (count < 1 || maxTokens < 1) {
            throw new IllegalArgumentException("votes: received " + count + " of at most " + maxTokens
                    + " tokens, expected 1 or more, and 1 or more");
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature) || (count > 1 && temperature == 0)) {
            throw new IllegalArgumentException("temperature of " + count + " votes: received " + temperature
                    + ", expected a finite number, " + (count > 1 ? "above 0" : "0 or more"));
        }
    }

    /**
     * Asks.
     *
     * @return per question its votes, in order
     */
    List<List<Asked>> ask(ChatModel model, List<List<Message>> questions) {
        List<List<List<Message>>> same = new ArrayList<>();
        for (List<Message> question : questions) {
            List<List<Message>> votes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                votes.add(question);
            }
            same.add(votes);
        }
        return askEach(model, same);
    }

    /** The same with questions of which every vote is asked in its own words. */
    List<List<Asked>> askEach(ChatModel model, List<List<List<Message>>> questions) {
        List<ChatRequest> requests = new ArrayList<>();
        for (List<List<Message>> votes : questions) {
            for (int i = 0; i < count; i++) {
                requests.add(new ChatRequest(votes.get(i), sampling(i)));
            }
        }
        List<Asked> asked = model.ask(requests);
        List<List<Asked>> byQuestion = new ArrayList<>();
        for (int from = 0; from < asked.size(); from += count) {
            byQuestion.add(asked.subList(from, from + count));
        }
        return byQuestion;
    }

    private ChatSampling sampling(int vote) {
        return temperature == 0
                ? ChatSampling.greedy(maxTokens)
                : new ChatSampling(temperature, maxTokens, seed + vote);
    }
}
