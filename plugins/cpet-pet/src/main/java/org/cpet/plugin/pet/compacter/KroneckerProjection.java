package org.cpet.plugin.pet.compacter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.cpet.plugin.pet.bottleneck.Projection;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Initializers;

/**
 * x ↦ x H + b with H [in, out] = Σ_m C_m ⊗ W_m (Karimi Mahabadi et al. 2021, sections 3 and 4): C [n, n, n], W_m [in/n,
 * out/n], which is L_m R_m with L_m [in/n, k], R_m [k, out/n] when factorized. C starts normal, the others uniform in
 * ±√(6 / (rows + columns)).
 *
 * @param rule C, shared with other projections or this one's own
 * @param ownsRule whether C is trained with this projection
 * @param factors W [n, in/n, out/n] alone, or L [n, in/n, k] and R [n, k, out/n]
 */
record KroneckerProjection(PartTensor rule, boolean ownsRule, List<PartTensor> factors, PartTensor bias)
        implements Projection {
    /** A fresh projection; its tensors are called {@code name.left}, {@code name.bias}, ... */
    static KroneckerProjection of(
            CompacterOptions options,
            PluginContext context,
            NDManager manager,
            String name,
            List<PartTensor> shared,
            Axis in,
            Axis out) {
        int n = options.hypercomplexDivision();
        Axis count = Axis.whole(n);
        Axis rows = Axis.whole(in.size() / n);
        Axis columns = Axis.whole(out.size() / n);
        Axis rank = Axis.whole(options.phmRank());
        List<PartTensor> factors = new ArrayList<>();
        if (options.factorized()) {
            factors.add(glorot(context, manager, name + ".left", List.of(count, rows, rank)));
            factors.add(glorot(context, manager, name + ".right", List.of(count, rank, columns)));
        } else {
            factors.add(glorot(context, manager, name + ".weight", List.of(count, rows, columns)));
        }
        boolean own = shared.isEmpty();
        return new KroneckerProjection(
                own ? rule(options, context, manager, name + ".rule") : shared.get(0),
                own,
                List.copyOf(factors),
                PartTensor.of(context.ops(), manager, name + ".bias", List.of(out), NDManager::zeros));
    }

    /** A fresh C. */
    static PartTensor rule(CompacterOptions options, PluginContext context, NDManager manager, String name) {
        Axis n = Axis.whole(options.hypercomplexDivision());
        return PartTensor.of(
                context.ops(),
                manager,
                name,
                List.of(n, n, n),
                (owner, shape) -> Initializers.normal(owner, shape, options.phmInitRange(), context.random(name)));
    }

    /** Hᵀ. */
    @Override
    public NDArray weight() {
        NDArray large = factors.size() == 1
                ? factors.get(0).value()
                : factors.get(0).value().matMul(factors.get(1).value());
        Shape shape = large.getShape();
        long n = shape.get(0);
        long rows = shape.get(1);
        long columns = shape.get(2);
        // Σ_m C_m[i, j] W_m[k, l] as one product over m, then [i, j, k, l] to [i k, j l]
        return rule.value()
                .reshape(n, n * n)
                .transpose()
                .matMul(large.reshape(n, rows * columns))
                .reshape(n, n, rows, columns)
                .transpose(0, 2, 1, 3)
                .reshape(n * rows, n * columns)
                .transpose();
    }

    @Override
    public List<PartTensor> tensors() {
        List<PartTensor> tensors = new ArrayList<>();
        if (ownsRule) {
            tensors.add(rule);
        }
        tensors.addAll(factors);
        tensors.add(bias);
        return tensors;
    }

    private static PartTensor glorot(PluginContext context, NDManager manager, String name, List<Axis> axes) {
        double bound = Math.sqrt(6.0 / (axes.get(1).size() + axes.get(2).size()));
        return PartTensor.of(context.ops(), manager, name, axes, (owner, shape) -> {
            double unit = 1 / Math.sqrt(axes.get(2).size());
            try (NDArray drawn = Initializers.kaimingUniform(owner, shape, context.random(name))) {
                return drawn.mul(bound / unit);
            }
        });
    }
}
