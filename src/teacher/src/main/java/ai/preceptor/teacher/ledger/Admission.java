package ai.preceptor.teacher.ledger;

/** Whether a call may be made. */
public sealed interface Admission {

    /**
     * It may: its highest possible cost is reserved.
     *
     * @param reservation to be settled
     */
    record Reserved(Reservation reservation) implements Admission {}

    /**
     * It need not: by now the ledger knows enough of the request.
     *
     * @param history with a reply, or with as many malformed ones as are paid for
     */
    record Known(CallHistory history) implements Admission {}

    /**
     * It may not: its highest possible cost does not fit under the cap.
     *
     * @param spent what counts against the cap, with what is reserved
     * @param open how much of that is reserved for calls that are not settled
     * @param openCalls how many these are
     */
    record Refused(Money spent, Money open, long openCalls) implements Admission {}
}
