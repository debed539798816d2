package ai.preceptor.track;

/** The beginning of a text, for places that take no more. */
public final class TextStart {
    private TextStart() {}

    /**
     * The text, or what fits of it without half a surrogate pair at its end, which is no Unicode.
     *
     * @param most characters, in UTF-16 units, at least 1
     */
    public static String of(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
