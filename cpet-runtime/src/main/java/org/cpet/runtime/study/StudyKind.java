package org.cpet.runtime.study;

/** The studies of the paper, and any grid. */
public enum StudyKind {
    /** Table 2: original + PET, small + PET, compressed + PET, CPET, and a smaller dense model of equal latency. */
    PARADIGMS("Paradigms"),
    /** Table 3: every combination of inheriting, recovering, distilling. */
    ABLATION("Ablation"),
    /** Table 4: the same parameters spent otherwise. */
    PARAMETER_CONTROL("Parameter control"),
    /** Table 5: PET against CPET on one backbone, single calls. */
    LATENCY("Latency"),
    /** Figure 3: curves of each compressor. */
    CONVERGENCE("Convergence"),
    /** Table 1: what each compressor costs and gives, measured beside ideal. */
    COMPRESSORS("Compressors"),
    /** Values of keys, all combinations. */
    GRID("Grid");

    private final String title;

    StudyKind(String title) {
        this.title = title;
    }

    /** As the report shows it. */
    public String title() {
        return title;
    }

    /** Whether size and speed are shown relative to the first line. */
    boolean comparesCost() {
        return this == PARADIGMS || this == LATENCY || this == COMPRESSORS;
    }
}
