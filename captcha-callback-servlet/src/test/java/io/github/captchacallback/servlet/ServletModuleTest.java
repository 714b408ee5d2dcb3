package io.github.captchacallback.servlet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds what this module may import. */
final class ServletModuleTest {

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(CaptchaCallbackFilter.class.getPackageName());

    @Test
    void moduleWhenItImportsThenFromCoreTheServletApiAndTheLoggerAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.github.captchacallback",
                        "io.github.captchacallback.delivery",
                        "io.github.captchacallback.http",
                        "io.github.captchacallback.settings",
                        "io.github.captchacallback.store",
                        "io.github.captchacallback.servlet",
                        "jakarta.servlet..",
                        "org.slf4j",
                        "org.jspecify.annotations",
                        "java..")
                .check(MODULE);
    }
}
