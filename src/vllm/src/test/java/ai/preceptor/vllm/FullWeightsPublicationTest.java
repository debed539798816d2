package ai.preceptor.vllm;

class FullWeightsPublicationTest extends WeightPublicationContract {
    @Override
    protected WeightPublication publication() {
        return new FullWeightsPublication("student");
    }

    @Override
    protected RunningServer server() {
        return new FakeServer();
    }
}
