package ai.preceptor.policy.credit;

/** Of answers without scores of steps each is one step. */
class StepGroupRelativeContractTest extends CreditAssignmentContract {
    @Override
    protected CreditAssignment credit() {
        return new StepGroupRelative(true);
    }
}
