package org.cpet.runtime.engine;

/**
 * The float32 kernel for each kind of product.
 *
 * @param many x Wᵀ of many rows, and what is none of the others
 * @param narrow x Wᵀ into a narrower output, or between widths whose rows lie multiples of 2 KiB apart
 * @param few x Wᵀ of 16 to 127 rows
 * @param row x Wᵀ of fewer
 * @param back g W
 */
public record DenseChoice(DenseKernel many, DenseKernel narrow, DenseKernel few, DenseKernel row, DenseKernel back) {
    /** One kernel for all. */
    public static DenseChoice only(DenseKernel kernel) {
        return new DenseChoice(kernel, kernel, kernel, kernel, kernel);
    }

    DenseKernel of(DenseShape shape) {
        return switch (shape) {
            case MANY -> many;
            case NARROW -> narrow;
            case FEW -> few;
            case ROW -> row;
            case BACK -> back;
        };
    }
}
