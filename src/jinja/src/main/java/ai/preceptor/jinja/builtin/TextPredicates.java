package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.PyText;

/** Python's questions about the letters of a text, and its changes of their case. */
public final class TextPredicates {
    private TextPredicates() {}

    public static boolean isAlphanumeric(int c) {
        return Character.isLetter(c) || isNumeric(c);
    }

    /** Decimal digits, and the small ones written above or below. */
    static boolean isDigit(int c) {
        return Character.isDigit(c)
                || "\u00b2\u00b3\u00b9\u2070".indexOf(c) >= 0
                || (c >= 0x2074 && c <= 0x2079)
                || (c >= 0x2080 && c <= 0x2089);
    }

    static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
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
