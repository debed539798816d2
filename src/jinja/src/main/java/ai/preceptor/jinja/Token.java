package ai.preceptor.jinja;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text the source of a name or operator, or the text of data
 * @param value the value of a literal; the text otherwise
 * @param line where it starts, from 1
 */
record Token(Kind kind, String text, Object value, int line) {
    enum Kind {
        DATA,
        VARIABLE_BEGIN,
        VARIABLE_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        NUMBER,
        OPERATOR,
        /** Where the source stops making sense; the value is the error. */
        BROKEN,
        END
    }

    static Token of(Kind kind, String text, int line) {
        return new Token(kind, text, text, line);
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }

    boolean isOperator(String wanted) {
        return is(Kind.OPERATOR, wanted);
    }

    boolean isName(String wanted) {
        return is(Kind.NAME, wanted);
    }

    /** For error messages. */
    String describe() {
        return switch (kind) {
            case DATA -> "text";
            case VARIABLE_BEGIN -> "'{{'";
            case VARIABLE_END -> "'}}'";
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case BROKEN -> "what is not a template";
            case END -> "the end of the template";
            case STRING -> "a string";
            case NUMBER, NAME, OPERATOR -> "'" + text + "'";
        };
    }
}
