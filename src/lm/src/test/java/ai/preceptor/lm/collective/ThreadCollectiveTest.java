package ai.preceptor.lm.collective;

import java.util.List;

class ThreadCollectiveTest extends CollectiveContract {
    @Override
    protected int world() {
        return 3;
    }

    @Override
    protected <T> List<T> each(ThreadCollective.Work<T> work) throws Exception {
        return ThreadCollective.each(ThreadCollective.group(3), work);
    }
}
