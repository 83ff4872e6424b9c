package org.cpet.spi.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SpiArchitectureTest {
    private static final JavaClasses SPI = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.cpet.spi");

    @Test
    void theRulesSeeTheWholeSpi() {
        assertThat(SPI).hasSizeGreaterThan(100);
        assertThat(SPI.stream().map(type -> type.getPackageName()).distinct()).hasSizeGreaterThan(10);
    }

    @Test
    void theSpiSpeaksOnlyJavaAndArrays() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.cpet.spi..", "java..", "ai.djl.ndarray..", "org.jspecify..", "org.slf4j..")
                .check(SPI);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.cpet.spi.(*)..").should().beFreeOfCycles().check(SPI);
    }

    @Test
    void tensorsKnowNothingOfModels() {
        noClasses()
                .that()
                .resideInAPackage("org.cpet.spi.tensor..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are elsewhere in the SPI",
                        type -> type.getPackageName().startsWith("org.cpet.spi")
                                && !type.getPackageName().startsWith("org.cpet.spi.tensor")))
                .check(SPI);
    }

    @Test
    void modelsKnowNothingOfMethods() {
        noClasses()
                .that()
                .resideInAPackage("org.cpet.spi.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.cpet.spi.compress..",
                        "org.cpet.spi.pet..",
                        "org.cpet.spi.recover..",
                        "org.cpet.spi.loss..",
                        "org.cpet.spi.lowrank..")
                .check(SPI);
    }

    /** A method that is overridden by strangers can never change; an interface can grow a default method. */
    @Test
    void nothingIsMadeForSubclassing() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areTopLevelClasses()
                .and()
                .doNotHaveSimpleName("CpetException")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(SPI);
    }

    @Test
    void noStateIsGlobalOrOpen() {
        fields().that().areStatic().should().beFinal().check(SPI);
        fields().that().arePublic().should().beFinal().check(SPI);
    }
}
