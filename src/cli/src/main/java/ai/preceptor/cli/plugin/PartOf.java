package ai.preceptor.cli.plugin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a {@link Part} of a configuration record, beside its key: the interface a part must implement. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface PartOf {
    /** Interfaces, one of which a user's own part must implement. */
    Class<?>[] value();

    /** Enum whose constants, in lower case, name the parts that the program has; by default there are none. */
    Class<? extends Enum<?>> names() default None.class;

    /** Names nothing. */
    enum None {}
}
