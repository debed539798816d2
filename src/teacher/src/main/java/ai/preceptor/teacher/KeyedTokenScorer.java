package ai.preceptor.teacher;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.closing.Closing;
import ai.preceptor.data.tokens.TokenScorer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several teachers of on-policy distillation: a prompt's column {@value #COLUMN} says which of them scores its answers.
 *
 * @param teachers by their keys, at least one; closed with this
 */
public record KeyedTokenScorer(Map<String, TokenScorer> teachers) implements TokenScorer {
    /** The column of prompts that holds the key. */
    public static final String COLUMN = "teacher_key";

    /**
     * Keeps the order.
     *
     * @throws IllegalArgumentException if there is no teacher
     */
    public KeyedTokenScorer {
        if (teachers.isEmpty()) {
            throw new IllegalArgumentException("teachers: 0, must be at least 1");
        }
        teachers = Collections.unmodifiableMap(new LinkedHashMap<>(teachers));
    }

    @Override
    public String name() {
        return String.join(
                ",",
                teachers.entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue().name())
                        .toList());
    }

    @Override
    public void check(List<Prompt> prompts, double temperature) {
        Map<String, List<Prompt>> by = new LinkedHashMap<>();
        teachers.keySet().forEach(key -> by.put(key, new ArrayList<>()));
        for (int i = 0; i < prompts.size(); i++) {
            List<Prompt> own = by.get(key(prompts.get(i)));
            if (own == null) {
                throw unknown("prompt " + i + " (0-based)", prompts.get(i));
            }
            own.add(prompts.get(i));
        }
        teachers.forEach((key, teacher) -> teacher.check(by.getOrDefault(key, List.of()), temperature));
    }

    @Override
    public List<float[]> logprobs(List<Trajectory> trajectories, double temperature) {
        Map<TokenScorer, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < trajectories.size(); i++) {
            Prompt prompt = trajectories.get(i).prompt();
            TokenScorer teacher = teachers.get(key(prompt));
            if (teacher == null) {
                throw unknown("trajectory " + i + " (0-based)", prompt);
            }
            places.computeIfAbsent(teacher, first -> new ArrayList<>()).add(i);
        }
        List<float[]> all = new ArrayList<>(Collections.nCopies(trajectories.size(), new float[0]));
        places.forEach((teacher, own) -> {
            List<float[]> found =
                    teacher.logprobs(own.stream().map(trajectories::get).toList(), temperature);
            for (int i = 0; i < own.size(); i++) {
                all.set(own.get(i), found.get(i));
            }
        });
        return all;
    }

    private static String key(Prompt prompt) {
        return String.valueOf(prompt.columns().get(COLUMN));
    }

    private DataException unknown(String place, Prompt prompt) {
        return new DataException(place + ": " + COLUMN + ": expected one of " + teachers.keySet() + ", found "
                + (prompt.columns().get(COLUMN) == null ? "none" : "\"" + key(prompt) + "\""));
    }

    @Override
    public void close() {
        Closing.all(teachers.values(), TokenScorer::close);
    }
}
