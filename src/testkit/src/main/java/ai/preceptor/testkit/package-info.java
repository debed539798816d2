/**
 * What tests share.
 *
 * <p><b>Takes</b> golden files and seeds.
 * <b>Gives</b> tiny models, contract tests of the ports, and a reader of golden numbers.
 * <b>Leaves to others</b>: anything the program needs at run time.
 */
@NullMarked
package ai.preceptor.testkit;

import org.jspecify.annotations.NullMarked;
