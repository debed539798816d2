/**
 * What served teachers were asked and answered, in a file that outlives the process.
 *
 * <p><b>Takes</b> answered calls, each under the hash of its request. <b>Gives</b> them back, after a crash too.
 * <b>Leaves to others</b>: making calls ({@code teacher.served}), and what elicitation made of them ({@code
 * teacher.elicit}, whose ledger is the state of one run, where this one outlives many).
 */
@NullMarked
package ai.preceptor.teacher.ledger;

import org.jspecify.annotations.NullMarked;
