package ai.preceptor.data.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record whose keys are nested under the component's name ({@code reward.learning_rate}). A section on a nullable
 * component is null when no key of it is given.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Section {
    /** One line for {@code ./preceptor help}. */
    String help();

    /** What its keys have to do with the result of a run. */
    KeyEffect effect() default KeyEffect.RESULT;

    /** Defaults that differ in this place, as {@code "key=value"}. */
    String[] defaults() default {};
}
