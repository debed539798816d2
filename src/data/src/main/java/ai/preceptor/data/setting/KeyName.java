package ai.preceptor.data.setting;

import java.lang.reflect.RecordComponent;
import java.util.Locale;

/**
 * The name by which a record's component is written: {@code learningRate} is {@code learning_rate}, {@code topP} is
 * {@code top_p}.
 *
 * @param written the name in snake_case
 */
public record KeyName(String written) {
    /** The name of a component. */
    public static KeyName of(RecordComponent component) {
        return of(component.getName());
    }

    /** The name of what Java calls {@code camelCase}. */
    public static KeyName of(String camelCase) {
        return new KeyName(camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return written;
    }
}
