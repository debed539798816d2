package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.PyText;
import ai.preceptor.jinja.value.Repr;
import java.util.function.IntPredicate;

/** Python's questions about the characters of a text; all are false of an empty one, but the last two. */
public final class TextPredicates {
    private TextPredicates() {}

    private static boolean all(String text, IntPredicate predicate) {
        return !text.isEmpty() && text.codePoints().allMatch(predicate);
    }

    static boolean isSpace(String text) {
        return all(text, PyText::isSpace);
    }

    static boolean isAlpha(String text) {
        return all(text, Character::isLetter);
    }

    static boolean isAlphanumeric(String text) {
        return all(text, TextPredicates::isAlphanumeric);
    }

    public static boolean isAlphanumeric(int c) {
        return Character.isLetter(c) || isNumeric(c);
    }

    static boolean isDecimal(String text) {
        return all(text, Character::isDigit);
    }

    /** Decimal digits, and the small ones written above or below. */
    static boolean isDigit(String text) {
        return all(text, c -> Character.isDigit(c) || isRaisedOrLowered(c));
    }

    static boolean isNumeric(String text) {
        return all(text, TextPredicates::isNumeric);
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    private static boolean isRaisedOrLowered(int c) {
        return c == 0xb2
                || c == 0xb3
                || c == 0xb9
                || c == 0x2070
                || (c >= 0x2074 && c <= 0x2079)
                || (c >= 0x2080 && c <= 0x2089);
    }

    private static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    public static boolean isLower(String text) {
        return text.codePoints().anyMatch(Character::isLowerCase)
                && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    public static boolean isUpper(String text) {
        return text.codePoints().anyMatch(Character::isUpperCase)
                && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    /** Whether every word begins with an upper-case letter and goes on in lower case. */
    static boolean isTitle(String text) {
        boolean found = false;
        boolean insideWord = false;
        for (int c : text.codePoints().toArray()) {
            boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
            if ((upper && insideWord) || (Character.isLowerCase(c) && !insideWord)) {
                return false;
            }
            insideWord = isCased(c);
            found |= insideWord;
        }
        return found;
    }

    static boolean isIdentifier(String text) {
        if (text.isEmpty()) {
            return false;
        }
        int first = text.codePointAt(0);
        return (first == '_' || Character.isUnicodeIdentifierStart(first))
                && text.codePoints()
                        .allMatch(c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    static boolean isPrintable(String text) {
        return text.codePoints().allMatch(Repr::isPrintable);
    }

    /** Upper-case first letters of words, lower case behind them; a word is a run of cased letters. */
    static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean insideWord = false;
        for (int c : text.codePoints().toArray()) {
            String one = Character.toString(c);
            out.append(insideWord ? PyText.lower(one) : PyText.titleCase(c));
            insideWord = isCased(c);
        }
        return out.toString();
    }

    static String swapCase(String text) {
        StringBuilder out = new StringBuilder();
        for (int c : text.codePoints().toArray()) {
            String one = Character.toString(c);
            boolean upper = Character.isUpperCase(c);
            out.append(upper ? PyText.lower(one) : Character.isLowerCase(c) ? PyText.upper(one) : one);
        }
        return out.toString();
    }
}
