package ai.preceptor.data.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A record whose keys are shared by several commands and appear among the keys of the record that holds it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Group {
    /** Heading in the help text. */
    String title();

    /** Defaults that differ in this place, as {@code "key=value"}. */
    String[] defaults() default {};

    /** Those that depend on another key of this level, as {@code "key=value if other=choice"}; they win over {@link #defaults}. */
    String[] defaultsIf() default {};
}
