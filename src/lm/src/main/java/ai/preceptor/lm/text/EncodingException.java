package ai.preceptor.lm.text;

import ai.preceptor.data.DataException;

/** A text that cannot be turned into ids as asked: a template that does not fit, or a boundary that tokens cross. */
public class EncodingException extends DataException {
    private static final long serialVersionUID = 1L;

    /** A problem; the message names the text's place where there is one. */
    public EncodingException(String message) {
        super(message);
    }

    /** A problem with a cause. */
    public EncodingException(String message, Throwable cause) {
        super(message, cause);
    }
}
