package ai.preceptor.quickstart;

import java.util.ArrayList;
import java.util.List;

/** What can be wrong with an answer. About as many make it longer as make it shorter. */
enum Flaw {
    /** A wrong word in the place of a right one. */
    WRONG {
        @Override
        String answer(Task task, Dice dice) {
            return wrong(task, dice).answer();
        }
    },
    /** Wrong, and in the wrong form too. */
    WRONG_FORM {
        @Override
        String answer(Task task, Dice dice) {
            return FORM.answer(wrong(task, dice), dice);
        }
    },
    /** One word where a sentence is due, or the other way round; a list loses its sentence. */
    FORM {
        @Override
        String answer(Task task, Dice dice) {
            if (task.kind().fitsOneWord()) {
                return task.inOneWord(!task.oneWord()).answer();
            }
            return BARE.answer(task, dice);
        }
    },
    /** Only the words, without a capital or an end. */
    BARE {
        @Override
        String answer(Task task, Dice dice) {
            return String.join(" ", task.pieces());
        }
    },
    /** It breaks off. */
    UNFINISHED {
        @Override
        String answer(Task task, Dice dice) {
            List<String> words = List.of(task.inOneWord(false).answer().split(" "));
            return String.join(" ", words.subList(0, words.size() - dice.between(1, 2)));
        }
    },
    /** The whole of it is said again. */
    TWICE {
        @Override
        String answer(Task task, Dice dice) {
            return task.answer() + " " + task.body();
        }
    },
    /** A word is repeated immediately. */
    STUTTER {
        @Override
        String answer(Task task, Dice dice) {
            List<String> words =
                    new ArrayList<>(List.of(task.inOneWord(false).answer().split(" ")));
            int at = dice.between(0, words.size() - 2);
            for (int times = dice.between(1, 2); times > 0; times--) {
                words.add(at, words.get(at));
            }
            return String.join(" ", words);
        }
    },
    /** It does not end where it should. */
    RAMBLING {
        @Override
        String answer(Task task, Dice dice) {
            return task.answer() + " " + dice.oneOf(RAMBLINGS);
        }
    },
    /** It says nothing. */
    EVASIVE {
        @Override
        String answer(Task task, Dice dice) {
            return dice.oneOf(EVASIONS);
        }
    },
    /** The courtesy is missing where it is due, or there where it is not. */
    MANNERS {
        @Override
        String answer(Task task, Dice dice) {
            return task.politely(!task.courteous()).answer();
        }
    };

    private static final List<String> RAMBLINGS =
            List.of("I think so.", "That is all I can say.", "And so on and so on.", "I hope that this is right.");

    private static final List<String> EVASIONS =
            List.of("I do not know.", "That is hard to say.", "Ask me later.", "I can not say that right now.");

    /** A flawed answer. */
    abstract String answer(Task task, Dice dice);

    private static Task wrong(Task task, Dice dice) {
        List<String> pieces = new ArrayList<>(task.pieces());
        List<String> right = task.choices() == null ? task.pieces() : task.choices();
        List<String> others =
                task.pool().stream().filter(word -> !right.contains(word)).toList();
        pieces.set(dice.between(0, pieces.size() - 1), dice.oneOf(others));
        return task.withPieces(pieces);
    }
}
