package ai.preceptor.cli.foreign;

import java.util.List;

/**
 * A setting of another program.
 *
 * @param program that has it
 * @param name its name there
 * @param values those that this is about; empty for all
 * @param action what to do about it
 * @param write {@code key=value} to write instead, with {@code $} for the value given; empty unless that is the action
 * @param note what else to know; may be empty
 */
public record ForeignName(String program, String name, List<String> values, Action action, String write, String note) {
    /** Stands for the numbers between 0 and 1. */
    private static final String FRACTION = "fraction";

    private static final String GIVEN = "$";

    /** What to do about a setting of another program. */
    public enum Action {
        /** Write another key. */
        WRITE,
        /** Leave it out: what it sets is so anyway. */
        OMIT,
        /** There is nothing like it. */
        NONE
    }

    /** Copies the list. */
    public ForeignName {
        values = List.copyOf(values);
    }

    /** The key to write instead; empty unless that is the action. */
    public String key() {
        return write.replaceFirst("=.*", "");
    }

    /** Whether it is about a value; one that is not known is like any other. */
    boolean isAbout(String value) {
        return values.isEmpty()
                || values.stream().anyMatch(value::equalsIgnoreCase)
                || (values.contains(FRACTION) && value.matches("0?\\.[0-9]*[1-9][0-9]*"));
    }

    /**
     * It as the end of an error message.
     *
     * @param value as given, text as YAML has it
     * @param inFile whether a line of a file is to be written, or else an argument
     */
    public String told(String value, boolean inFile) {
        String whose = program + "'s";
        String end = note.isEmpty() ? "" : "; " + note;
        return switch (action) {
            case WRITE -> {
                String line = write.replace(GIVEN, value);
                String what = key().equals(name) ? name + "=" + value : name;
                String here = key().equals(name) ? "" : " is " + key() + " here";
                yield whose + " " + what + here + ": write " + (inFile ? line.replaceFirst("=", ": ") : line)
                        + (note.isEmpty() ? "" : " (" + note + ")");
            }
            case OMIT -> whose + " " + name + " is not needed here, leave it out" + end;
            case NONE -> whose + " " + name + " has no counterpart here" + end;
        };
    }
}
