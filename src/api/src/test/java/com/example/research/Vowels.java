package com.example.research;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import java.util.List;

/** Counts vowels. */
record Vowels() implements Scorer {
    static double of(String text) {
        return text.chars().filter(letter -> "aeiou".indexOf(letter) >= 0).count();
    }

    @Override
    public String name() {
        return "vowels";
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return answers.stream()
                .map(answer -> Score.of(of(answer.text().asString())))
                .toList();
    }
}
