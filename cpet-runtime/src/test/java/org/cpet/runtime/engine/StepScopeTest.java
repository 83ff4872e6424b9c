package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import org.cpet.spi.CpetException;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.QuantizedRows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class StepScopeTest {
    private static final EngineSession SESSION = EngineSession.open(DeviceChoice.parse("cpu"), 1);

    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();

    @AfterAll
    static void close() {
        SESSION.close();
    }

    private int arrays() {
        return manager.getManagedArrays().size();
    }

    private static boolean isFreed(NDArray array) {
        return ((PtNDArray) array).isReleased();
    }

    @Test
    void closingFreesEveryResultEvenThoseOfPlainArithmetic() {
        NDArray parameter = manager.ones(new Shape(2, 2));
        int before = arrays();
        NDArray product;
        NDArray sum;
        try (Ops.Scope scope = ops.scope()) {
            product = ops.linear(parameter, parameter);
            sum = parameter.add(product).sum();
            assertThat(scope).isNotNull();
        }
        assertThat(isFreed(product)).isTrue();
        assertThat(isFreed(sum)).isTrue();
        assertThat(isFreed(parameter)).isFalse();
        assertThat(arrays()).isEqualTo(before);
    }

    @Test
    void whatIsKeptGoesToItsOwnersManager() {
        try (NDManager longer = manager.newSubManager()) {
            NDArray owner = longer.ones(new Shape(1));
            NDArray kept;
            try (Ops.Scope scope = ops.scope()) {
                kept = scope.keep(ops.detach(manager.ones(new Shape(3))), owner);
            }
            assertThat(kept.toFloatArray()).containsExactly(1, 1, 1);
            assertThat(kept.getManager()).isSameAs(longer);
        }
    }

    @Test
    void leavesCopiesAndCodesOutliveTheScopeTheyWereMadeIn() {
        NDArray value = manager.ones(new Shape(2, 2));
        NDArray leaf;
        QuantizedRows rows;
        try (Ops.Scope scope = ops.scope()) {
            leaf = ops.trainable(value);
            rows = ops.quantizeRows(value);
            assertThat(scope).isNotNull();
        }
        assertThat(isFreed(leaf)).isFalse();
        assertThat(isFreed(rows.codes())).isFalse();
        assertThat(isFreed(rows.scales())).isFalse();
    }

    @Test
    void anInnerScopeFreesItsOwnOnly() {
        try (Ops.Scope outer = ops.scope()) {
            NDArray early = manager.ones(new Shape(1));
            NDArray late;
            try (Ops.Scope inner = ops.scope()) {
                late = manager.ones(new Shape(1));
                assertThatThrownBy(() -> outer.keep(late, early))
                        .isInstanceOf(CpetException.class)
                        .hasMessage("only the innermost scope of a thread can let a tensor out");
                assertThatThrownBy(outer::close)
                        .isInstanceOf(CpetException.class)
                        .hasMessage("scopes of a thread must close in the reverse order of opening");
                inner.close();
            }
            assertThat(isFreed(late)).isTrue();
            assertThat(isFreed(early)).isFalse();
        }
    }
}
