package org.cpet.runtime.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Optional;

/** Where a stage leaves its state between two optimizer steps, and finds it again. */
public interface StageCheckpoints {
    /** Saves; when this returns, the state survives a power failure. */
    void save(Progress progress, Map<String, NDArray> tensors);

    /** The newest state that is whole. */
    Optional<Saved> latest();

    /** A state found. */
    interface Saved {
        Progress progress();

        /** Its tensors, in {@code manager}. */
        Map<String, NDArray> tensors(NDManager manager);
    }

    /** Saves nothing and finds nothing. */
    StageCheckpoints NONE = new StageCheckpoints() {
        @Override
        public void save(Progress progress, Map<String, NDArray> tensors) {}

        @Override
        public Optional<Saved> latest() {
            return Optional.empty();
        }
    };
}
