package ai.preceptor.train.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * What {@code trainer_state.json} of a checkpoint says.
 *
 * @param position where the run stands
 * @param identity key and value of everything that must be the same for the run to go on: configuration and data
 * @param files the checkpoint's other files and their sizes in bytes
 */
record TrainerState(
        @JsonProperty("position") Position position,
        @JsonProperty("identity") Map<String, String> identity,
        @JsonProperty("files") Map<String, Long> files) {

    TrainerState {
        identity = Map.copyOf(identity);
        files = Map.copyOf(files);
    }
}
