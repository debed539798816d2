/**
 * What tests share.
 *
 * <p><b>Takes</b> golden numbers that other implementations computed, bundled here or lying beside the project.
 * <b>Gives</b> their reader, {@link ai.preceptor.testkit.Golden}. <b>Leaves to others</b>: fixtures
 * of Preceptor's own types, which the modules publish themselves (this module may depend on none of them,
 * since their tests depend on it), and anything the program needs at run time.
 */
@NullMarked
package ai.preceptor.testkit;

import org.jspecify.annotations.NullMarked;
