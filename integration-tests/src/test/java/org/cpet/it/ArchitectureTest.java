package org.cpet.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md, over every main class of the project. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.cpet", "ai.djl.pytorch.jni");

    private static final JavaClasses OURS = MAIN.that(com.tngtech.archunit.base.DescribedPredicate.describe(
            "ours", type -> type.getName().startsWith("org.cpet.")));

    @Test
    void everyModuleIsSeen() {
        assertThat(OURS.size()).isGreaterThan(250);
        assertThat(count("org.cpet.spi")).isGreaterThan(60);
        assertThat(count("org.cpet.runtime")).isGreaterThan(120);
        assertThat(count("org.cpet.plugin")).isGreaterThan(50);
    }

    @Test
    void pluginsSeeTheSpiAndNoOtherPartOfTheHouse() {
        noClasses()
                .that()
                .resideInAPackage("org.cpet.plugin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.cpet.runtime..", "com.google..", "ai.djl.pytorch..", "jakarta.inject..")
                .check(OURS);
        slices().matching("org.cpet.plugin.(*)..")
                .should()
                .notDependOnEachOther()
                .check(OURS);
    }

    @Test
    void theSpiSeesNobody() {
        noClasses()
                .that()
                .resideInAPackage("org.cpet.spi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.cpet.runtime..",
                        "org.cpet.plugin..",
                        "com.google..",
                        "tools.jackson..",
                        "ai.djl.pytorch..")
                .check(OURS);
    }

    @Test
    void theRuntimeNamesNoPlugin() {
        noClasses()
                .that()
                .resideInAPackage("org.cpet.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.cpet.plugin..")
                .check(OURS);
    }

    @Test
    void guiceIsKnownToTheWiringAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.cpet.runtime.wiring..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.inject..")
                .check(OURS);
    }

    @Test
    void onlyTheCommandLinePrintsOrExits() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.cpet.runtime.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(OURS);
    }

    @Test
    void theCommandLinesLibrariesStayInTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.cpet.runtime.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "me.tongfei..", "ch.qos.logback..", "org.cpet.runtime.cli..")
                .check(OURS);
    }

    @Test
    void libtorchIsReachedThroughTheEngineAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.cpet.runtime.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.pytorch..")
                .check(OURS);
    }

    @Test
    void optionsAreRecords() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Options")
                .and()
                .resideInAPackage("org.cpet.plugin..")
                .should()
                .beRecords()
                .check(OURS);
    }

    @Test
    void noStateIsGlobal() {
        fields().that().areStatic().should().beFinal().check(OURS);
    }

    @Test
    void runDirectoriesAreWrittenThroughRunFilesAlone() {
        noClasses()
                .that()
                .resideInAnyPackage("org.cpet.runtime.train..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(java.nio.file.Files.class)
                .check(OURS);
    }

    private static long count(String prefix) {
        return OURS.stream().filter(type -> type.getName().startsWith(prefix)).count();
    }
}
