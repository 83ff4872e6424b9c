package org.cpet.runtime.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** Reads bound options back from their record. */
public final class OptionValues {
    private OptionValues() {}

    /** The value of a key; empty when it was left out. */
    public static Optional<Object> value(Record options, OptionSpec spec) {
        List<OptionSpec> specs = OptionSpec.of(options.getClass());
        RecordComponent component = options.getClass().getRecordComponents()[specs.indexOf(spec)];
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            Object value = accessor.invoke(options);
            return value instanceof Optional<?> optional ? optional.map(Object.class::cast) : Optional.of(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new CpetException(ExitCode.PLUGIN, component + " cannot be read: " + e.getMessage(), e);
        }
    }
}
