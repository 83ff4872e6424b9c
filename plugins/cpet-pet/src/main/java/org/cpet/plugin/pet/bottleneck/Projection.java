package org.cpet.plugin.pet.bottleneck;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.plugin.pet.part.PartTensor;

/** One of the two linear maps of an adapter: x [.., in] to x Wᵀ + b [.., out]. */
public interface Projection {
    /** W [out, in], part of the graph. */
    NDArray weight();

    /** b [out]. */
    PartTensor bias();

    /** What is trained of this map alone, the bias included. */
    List<PartTensor> tensors();
}
