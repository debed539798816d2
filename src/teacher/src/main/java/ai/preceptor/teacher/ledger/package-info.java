/**
 * What served teachers were asked and answered, and what that cost, in a file that outlives the process.
 *
 * <p><b>Takes</b> calls to be made, each under the hash of its request, and how they ended. <b>Gives</b>
 * leave to make them while there is money, and back what was answered, after a crash too. <b>Leaves to others</b>: making
 * calls ({@code teacher.served}), and what elicitation made of them ({@code teacher.elicit}, whose ledger is the state of one
 * run, where this one outlives many).
 *
 * <pre>
 *   Intent --reserve--> Reservation --settle--> answered | malformed | unanswered
 *             |             |
 *             |             +------release--> as if it had never been (certainly not billed)
 *             +--> Known (nothing to send) | Refused (the cap)
 * </pre>
 */
@NullMarked
package ai.preceptor.teacher.ledger;

import org.jspecify.annotations.NullMarked;
