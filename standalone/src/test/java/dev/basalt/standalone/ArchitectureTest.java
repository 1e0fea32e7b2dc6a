package dev.basalt.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
    private static final int FEWEST_CLASSES = 150;
    private static final List<String> SERVICES = List.of("auth", "data", "storage", "functions", "control");
    private static final JavaClasses BASALT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.basalt");

    @Test
    void theScanFindsTheHouse() {
        assertThat(BASALT).hasSizeGreaterThan(FEWEST_CLASSES);
        assertThat(SERVICES)
                .allSatisfy(service -> assertThat(BASALT)
                        .anyMatch(scanned -> scanned.getPackageName().startsWith("dev.basalt." + service)));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.basalt.(**)").should().beFreeOfCycles().check(BASALT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth", "data", "storage", "functions", "control"})
    void aServiceDependsOnNoOther(String service) {
        var others = SERVICES.stream()
                .filter(other -> !other.equals(service))
                .map(other -> "dev.basalt." + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.basalt." + service + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(BASALT);
    }

    @Test
    void theKitDependsOnNoService() {
        noClasses()
                .that()
                .resideInAPackage("dev.basalt.kit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVICES.stream()
                        .map(service -> "dev.basalt." + service + "..")
                        .toArray(String[]::new))
                .check(BASALT);
    }

    @Test
    void aResourceTouchesNoStoreOfAnotherFeature() {
        var strangers = BASALT.stream()
                .filter(scanned -> scanned.getSimpleName().endsWith("Resource"))
                .flatMap(resource -> resource.getDirectDependenciesFromSelf().stream())
                // BlobStore is a port of the kit, not a feature's store.
                .filter(used -> used.getTargetClass().getSimpleName().endsWith("Store")
                        && !used.getTargetClass().getPackageName().startsWith("dev.basalt.kit.")
                        && !used.getTargetClass()
                                .getPackageName()
                                .equals(used.getOriginClass().getPackageName()))
                .map(Dependency::getDescription)
                .toList();
        assertThat(strangers).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked = BASALT.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(scanned -> !scanned.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();
        assertThat(unmarked).isEmpty();
    }
}
