package ai.preceptor.dashboard;

import org.jspecify.annotations.Nullable;

/**
 * A page: the shell that all share, and a script that fills it.
 *
 * @param path such as {@code /judge}
 * @param title in the browser's tab
 * @param script name of the asset, a module
 * @param menu its name in the menu; null if it is not there
 */
public record Page(
        String path, String title, String script, @Nullable String menu) {}
