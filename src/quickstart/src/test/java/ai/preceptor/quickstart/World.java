package ai.preceptor.quickstart;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A small world of instructions and answers, drawn from a seed: the same seed gives the same rows on every machine.
 * Instructions excluded by {@link #without} are never drawn.
 */
public final class World {
    private static final List<TaskKind> KINDS = List.of(TaskKind.values());
    private static final List<Flaw> FLAWS = List.of(Flaw.values());
    private static final int FLAWED = 3;
    private static final double COURTEOUS = 0.3;
    private static final double ONE_WORD = 0.25;

    /** Draws without a new instruction after which there is none left, as good as surely. */
    private static final int PATIENCE = 10_000;

    private final Dice dice;
    private final Set<String> excluded;

    /** A world without exclusions. */
    public World(long seed) {
        this(seed, Set.of());
    }

    private World(long seed, Set<String> excluded) {
        this.dice = new Dice(seed);
        this.excluded = excluded;
    }

    /** A world of its own seed that never asks what these prompts ask. */
    public static World without(List<Prompt> prompts, long seed) {
        Set<String> texts = new HashSet<>();
        prompts.forEach(prompt -> texts.add(prompt.text().asString()));
        return new World(seed, texts);
    }

    /**
     * Different instructions, kind after kind, each with the columns that {@link WorldRule} reads.
     *
     * @throws IllegalArgumentException when a kind has not so many of them
     */
    public List<Prompt> prompts(int count) {
        Set<String> seen = new HashSet<>();
        List<Prompt> prompts = new ArrayList<>();
        int misses = 0;
        while (prompts.size() < count) {
            TaskKind kind = KINDS.get(prompts.size() % KINDS.size());
            Task task = task(kind);
            if (seen.add(task.instruction())) {
                prompts.add(task.prompt());
                misses = 0;
            } else if (++misses > PATIENCE) {
                throw new IllegalArgumentException("prompts: " + count + " are more than there are; of the kind "
                        + kind.label() + " no new one came in " + PATIENCE + " draws");
            }
        }
        return prompts;
    }

    /**
     * Instructions with an answer each.
     *
     * @param goodShare share of answers that are good, 0 to 1
     */
    public List<Demonstration> demonstrations(int count, double goodShare) {
        List<Demonstration> rows = new ArrayList<>();
        while (rows.size() < count) {
            Task task = task(dice.oneOf(KINDS));
            String answer = dice.chance(goodShare) ? task.answer() : flawed(task);
            Prompt prompt = task.prompt();
            rows.add(new Demonstration(prompt, prompt.reply(answer)));
        }
        return rows;
    }

    /** A good answer against a flawed one. */
    public List<Preference> pairs(int count) {
        List<Preference> rows = new ArrayList<>();
        while (rows.size() < count) {
            Task task = task(dice.oneOf(KINDS));
            Prompt prompt = task.prompt();
            rows.add(new Preference(prompt, prompt.reply(task.answer()), prompt.reply(flawed(task)), null));
        }
        return rows;
    }

    /** A good answer, which comes first, and up to three flawed ones, all different, with the scores of {@link WorldRule}. */
    public List<RankedGroup> groups(int count) {
        List<RankedGroup> groups = new ArrayList<>();
        while (groups.size() < count) {
            Task task = task(dice.oneOf(KINDS));
            Prompt prompt = task.prompt();
            Set<String> answers = new LinkedHashSet<>(List.of(task.answer()));
            for (int i = 0; i < FLAWED; i++) {
                answers.add(flawed(task));
            }
            List<Text> texts = answers.stream()
                    .filter(text -> !text.isBlank())
                    .map(prompt::reply)
                    .toList();
            if (texts.size() > 1) {
                groups.add(new RankedGroup(prompt, texts, JudgeRows.scores(prompt, texts)));
            }
        }
        return groups;
    }

    private String flawed(Task task) {
        String answer;
        do {
            answer = dice.oneOf(FLAWS).answer(task, dice);
        } while (answer.equals(task.answer()));
        return answer;
    }

    private Task task(TaskKind kind) {
        Task task;
        do {
            task = formatted(kind.draw(dice));
        } while (excluded.contains(task.instruction()));
        return task;
    }

    /** Adds how it is to be answered. */
    private Task formatted(Task plain) {
        boolean courteous = dice.chance(COURTEOUS);
        boolean oneWord = plain.kind().fitsOneWord() && dice.chance(ONE_WORD);
        String asked = plain.instruction() + (oneWord ? " Answer in one word." : "") + (courteous ? " Please." : "");
        return new Task(
                plain.kind(),
                asked,
                plain.pattern(),
                plain.pieces(),
                plain.pool(),
                plain.choices(),
                oneWord,
                courteous);
    }
}
