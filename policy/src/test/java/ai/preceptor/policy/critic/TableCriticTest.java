package ai.preceptor.policy.critic;

class TableCriticTest extends CriticContract {
    @Override
    protected Critic critic() {
        return new TableCritic(10);
    }

    @Override
    protected double learningRate() {
        return 0.1;
    }
}
