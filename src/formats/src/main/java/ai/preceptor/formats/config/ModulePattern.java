package ai.preceptor.formats.config;

import ai.preceptor.data.ConfigurationException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression for names of modules. It may come with an adapter from any source, so its length and the chars that a
 * match looks at are limited: some expressions try out more ways to match than there is time for.
 */
final class ModulePattern {
    private static final int LONGEST = 10_000;
    private static final int MOST_STEPS = 1_000_000;

    private final String place;
    private final String regex;
    private final Pattern pattern;

    /**
     * @param place where the expression comes from, for messages
     * @throws PatternSyntaxException when it is none
     */
    private ModulePattern(String place, String regex, String written) {
        this.place = place;
        this.regex = regex;
        this.pattern = Pattern.compile(written);
    }

    /** Of whole names. */
    static ModulePattern whole(String regex) {
        return new ModulePattern("target modules", regex, regex);
    }

    /** Of names, or of what comes after one of their dots, to their end: how PEFT matches the keys of its patterns. */
    static ModulePattern end(String regex) {
        return new ModulePattern("alpha_pattern of " + AdapterConfig.FILE, regex, "(.*\\.)?(" + regex + ")$");
    }

    /**
     * What is expected instead of an expression, and what is found; or null where nothing is wrong.
     *
     * @param kind makes a pattern of it
     */
    static @Nullable String problem(String regex, Consumer<String> kind) {
        if (regex.length() > LONGEST) {
            return "at most " + LONGEST + " chars, found " + regex.length();
        }
        try {
            kind.accept(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return "a regular expression, found \"" + shortened(regex) + "\" (" + e.getDescription() + ")";
        } catch (StackOverflowError tooDeep) {
            return "a regular expression, found one with too many brackets inside each other";
        }
    }

    /** So much of an expression that one recognizes it. */
    private static String shortened(String regex) {
        return regex.length() <= 60 ? regex : regex.substring(0, 57) + "...";
    }

    /**
     * Whether it matches a module from its first char, and to the end where the expression says so.
     *
     * @throws ConfigurationException when it takes too many steps
     */
    boolean startsWith(String module) {
        try {
            return pattern.matcher(new Counted(module)).lookingAt();
        } catch (StackOverflowError tooDeep) {
            throw tooManySteps(module);
        }
    }

    /**
     * Whether it matches a whole module.
     *
     * @throws ConfigurationException when it takes too many steps
     */
    boolean matches(String module) {
        try {
            return pattern.matcher(new Counted(module)).matches();
        } catch (StackOverflowError tooDeep) {
            throw tooManySteps(module);
        }
    }

    private ConfigurationException tooManySteps(String module) {
        return new ConfigurationException(
                place + ": expected a regular expression without repetitions inside repetitions, found \""
                        + shortened(regex) + "\", which takes more than " + MOST_STEPS + " steps on " + module);
    }

    /** A name that counts how often a char of it is looked at. */
    private final class Counted implements CharSequence {
        private final String module;
        private int steps;

        Counted(String module) {
            this.module = module;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw tooManySteps(module);
            }
            return module.charAt(index);
        }

        @Override
        public int length() {
            return module.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return module.subSequence(start, end);
        }

        @Override
        public String toString() {
            return module;
        }
    }
}
