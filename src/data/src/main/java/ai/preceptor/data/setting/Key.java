package ai.preceptor.data.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One configuration key: the record component it stands on gives the name ({@code learningRate} is
 * {@code learning_rate}) and the type.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
    /** One line for {@code ./preceptor help}. */
    String help();

    /** The default as it would be written in YAML; empty when there is none. */
    String defaultValue() default "";

    /**
     * The default in words, where it is no single value: {@code all}, or {@code 2, with rollouts as recorded}. Only for a key
     * without {@link #defaultValue}; empty if leaving the key out means none.
     */
    String defaultText() default "";

    /** Whether leaving the key out is a problem. Keys without default that are not required are null when left out. */
    boolean required() default false;

    /** Legal interval of a number (of each element of a list of numbers), for example {@code "[0, 1)"}. */
    String range() default "";

    /** What its value has to do with the result of a run. */
    KeyEffect effect() default KeyEffect.RESULT;

    /** What a path must point to before anything starts. */
    PathKind path() default PathKind.ANY;
}
