package io.github.captchacallback.spring;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds this module's row of the table of who may import whom. */
class ArchitectureTest {

    private static final String BASE = "io.github.captchacallback";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE + ".spring");

    @Test
    void theModuleDependsOnTheCoreTheFilterSpringAndTheServletApiAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        BASE,
                        BASE + ".address",
                        BASE + ".delivery",
                        BASE + ".http",
                        BASE + ".provider",
                        BASE + ".settings",
                        BASE + ".store..",
                        BASE + ".servlet",
                        BASE + ".spring..",
                        "org.springframework..",
                        "jakarta.servlet..",
                        "io.micrometer..",
                        "io.lettuce..",
                        "org.jspecify.annotations",
                        "org.slf4j",
                        "java..",
                        "javax.sql")
                .check(CLASSES);
    }

    @Test
    void onlyThePackageForBootDependsOnBoot() {
        noClasses()
                .that(resideOutsideOfPackage(BASE + ".spring.boot.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.boot..")
                .check(CLASSES);
    }

    @Test
    void nothingDependsOnThePackageForBoot() {
        noClasses()
                .that(resideOutsideOfPackage(BASE + ".spring.boot.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + ".spring.boot..")
                .check(CLASSES);
    }

    /** Spring MVC is optional: with Spring Security only, loading one of its types would fail every request. */
    @Test
    void theFilterInAChainUsesNoClassThatIsOneOfSpringMvc() {
        noClasses()
                .that(simpleName("CaptchaCallbackAuthenticationFilter"))
                .should()
                .dependOnClassesThat(assignableTo("org.springframework.web.servlet.HandlerInterceptor"))
                .check(CLASSES);
    }
}
