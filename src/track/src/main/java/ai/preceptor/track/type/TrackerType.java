package ai.preceptor.track.type;

import ai.preceptor.track.Tracker;
import ai.preceptor.track.mlflow.MlflowServer;
import ai.preceptor.track.mlflow.MlflowTracker;
import ai.preceptor.track.tensorboard.TensorBoardTracker;
import ai.preceptor.track.trackio.TrackioTracker;
import java.util.Map;

/** Trackers by their names. */
public enum TrackerType {
    /** Event files in the run directory. */
    TENSORBOARD,
    /** A server, by {@code MLFLOW_TRACKING_URI}. */
    MLFLOW,
    /** A program in the run directory. */
    TRACKIO;

    /**
     * A tracker for one process of a run.
     *
     * @param environment variables of the process
     * @throws ai.preceptor.data.ConfigurationException if it needs one that is missing or not valid
     */
    public Tracker open(Map<String, String> environment) {
        return switch (this) {
            case TENSORBOARD -> new TensorBoardTracker(System::currentTimeMillis);
            case MLFLOW -> new MlflowTracker(MlflowServer.of(environment), System::currentTimeMillis);
            case TRACKIO -> new TrackioTracker();
        };
    }
}
