package ai.preceptor.vllm;

class AdapterPublicationTest extends WeightPublicationContract {
    @Override
    protected WeightPublication publication() {
        return new AdapterPublication();
    }

    @Override
    protected RunningServer server() {
        return new FakeServer();
    }
}
