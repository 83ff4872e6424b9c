package org.cpet.spi.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.spi.SpiVersion;

/** The public face of the SPI as text: every public type, and under it what a plugin can call or implement. */
final class SpiSignatures {
    /** Every record and enum has these; they say nothing. */
    private static final Set<String> USUAL = Set.of("equals", "hashCode", "toString", "values", "valueOf");

    private SpiSignatures() {}

    static String text() {
        return types().map(SpiSignatures::describe).collect(Collectors.joining("\n"));
    }

    private static Stream<Class<?>> types() {
        Path root = root();
        try (Stream<Path> files = Files.walk(root)) {
            List<String> names = files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length())
                            .replace('\\', '.')
                            .replace('/', '.'))
                    .sorted()
                    .toList();
            return names.stream().map(SpiSignatures::load).filter(SpiSignatures::visible);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        try {
            return Path.of(SpiVersion.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, SpiSignatures.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean visible(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return !type.isAnonymousClass() && Modifier.isPublic(type.getModifiers()) && (outer == null || visible(outer));
    }

    private static String describe(Class<?> type) {
        Set<String> members = new TreeSet<>();
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                members.add(
                        field.isEnumConstant()
                                ? field.getName()
                                : "constant " + name(field.getGenericType()) + " " + field.getName());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (Modifier.isPublic(constructor.getModifiers())) {
                members.add("new(" + names(constructor.getGenericParameterTypes()) + ")");
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            boolean open = Modifier.isPublic(method.getModifiers()) && !method.isSynthetic();
            if (open && !USUAL.contains(method.getName())) {
                members.add(describe(method));
            }
        }
        StringBuilder text = new StringBuilder(head(type)).append('\n');
        members.forEach(member -> text.append("    ").append(member).append('\n'));
        return text.toString();
    }

    private static String head(Class<?> type) {
        List<String> parents = new ArrayList<>();
        boolean plain = type.getSuperclass() != null && !type.isRecord() && !type.isEnum();
        if (plain && type.getSuperclass() != Object.class) {
            parents.add(name(type.getGenericSuperclass()));
        }
        Arrays.stream(type.getGenericInterfaces()).map(SpiSignatures::name).forEach(parents::add);
        String components = type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .map(SpiSignatures::component)
                        .collect(Collectors.joining(", ", "(", ")"))
                : "";
        String bounds = Arrays.stream(type.getTypeParameters())
                .map(SpiSignatures::bound)
                .collect(Collectors.joining(", "));
        return kind(type) + " " + type.getName() + (bounds.isEmpty() ? "" : "<" + bounds + ">") + components
                + (parents.isEmpty() ? "" : " : " + String.join(", ", parents));
    }

    private static String bound(TypeVariable<?> variable) {
        String bounds = Arrays.stream(variable.getBounds())
                .filter(bound -> bound != Object.class)
                .map(SpiSignatures::name)
                .collect(Collectors.joining(" & "));
        return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
    }

    private static String component(RecordComponent component) {
        return name(component.getGenericType()) + " " + component.getName();
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "annotation";
        }
        if (type.isInterface()) {
            return type.isSealed() ? "sealed interface" : "interface";
        }
        if (type.isEnum()) {
            return "enum";
        }
        return type.isRecord() ? "record" : Modifier.isFinal(type.getModifiers()) ? "final class" : "class";
    }

    private static String describe(Method method) {
        String prefix = Modifier.isStatic(method.getModifiers()) ? "static " : method.isDefault() ? "default " : "";
        String fallback = method.getDefaultValue() == null ? "" : " with a default";
        return prefix + name(method.getGenericReturnType()) + " " + method.getName() + "("
                + names(method.getGenericParameterTypes()) + ")" + fallback;
    }

    private static String names(Type[] types) {
        return Arrays.stream(types).map(SpiSignatures::name).collect(Collectors.joining(", "));
    }

    /** Without the packages that everyone knows. */
    private static String name(Type type) {
        return type.getTypeName().replaceAll("\\b(java\\.(lang|util|nio\\.file)|ai\\.djl\\.ndarray)\\.(?=[A-Z])", "");
    }
}
