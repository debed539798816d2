package ai.preceptor.lm.torch;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The parameters of the kernel behind a method, by the names that its TorchScript gives them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Takes {
    /** Names in order, separated by commas; a record stands for as many as it has components. */
    String value();
}
