package com.example.research;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.judge.Grading;
import java.util.List;
import java.util.Map;

/** One to five stars as the last line. */
record Stars() implements Grading {
    @Override
    public Map<String, String> places(Answer answer) {
        return Map.of("answer", answer.text().asString());
    }

    @Override
    public Score read(Answer answer, Asked asked) {
        ChatReply reply = asked.reply();
        if (reply == null || reply.isTruncated()) {
            return Score.unscored(reply == null ? String.valueOf(asked.problem()) : "stars at the limit of tokens");
        }
        List<String> stars =
                reply.text().lines().filter(line -> line.matches("\\*{1,5}")).toList();
        return stars.size() == 1 && reply.text().endsWith(stars.get(0))
                ? Score.of(stars.get(0).length())
                : Score.unscored("expected a last line of stars, found " + ChatReply.excerpt(reply.text()));
    }
}
