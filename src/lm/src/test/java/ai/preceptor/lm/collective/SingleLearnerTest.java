package ai.preceptor.lm.collective;

import java.util.List;

class SingleLearnerTest extends CollectiveContract {
    @Override
    protected int world() {
        return 1;
    }

    @Override
    protected <T> List<T> each(ThreadCollective.Work<T> work) throws Exception {
        return List.of(work.with(Collective.single()));
    }
}
