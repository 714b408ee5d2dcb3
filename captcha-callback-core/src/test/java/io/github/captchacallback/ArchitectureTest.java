package io.github.captchacallback;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.github.captchacallback.cli.CommandLine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import org.junit.jupiter.api.Test;

/** Holds the table of who may use whom: modules, packages, and what no class of ours does. */
class ArchitectureTest {

    private static final String ROOT = "io.github.captchacallback";

    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(
                    CaptchaCallbacks.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void coreUsesTheJdkAndFiveLibrariesOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        ROOT + "..",
                        "java..",
                        "javax.crypto..",
                        "javax.naming..",
                        "javax.sql..",
                        "com.github.benmanes.caffeine..",
                        "org.apache.commons.codec..",
                        "org.slf4j..",
                        "org.jspecify..",
                        "io.lettuce.."))
                .check(CORE);
    }

    @Test
    void lettuceIsUsedInTheRedisStoreOnly() {
        noClasses()
                .that(not(resideInAPackage(ROOT + ".store.redis")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .check(CORE);
    }

    @Test
    void caffeineIsUsedInTheStoreAlone() {
        noClasses()
                .that(not(resideInAPackage(ROOT + ".store")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.github.benmanes..")
                .check(CORE);
    }

    @Test
    void packagesUseOneAnotherInOneDirection() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .ensureAllClassesAreContainedInArchitecture()
                .layer("address")
                .definedBy(ROOT + ".address")
                .layer("http")
                .definedBy(ROOT + ".http")
                .layer("store")
                .definedBy(ROOT + ".store")
                .layer("jdbc")
                .definedBy(ROOT + ".store.jdbc")
                .layer("store.redis")
                .definedBy(ROOT + ".store.redis")
                .layer("provider")
                .definedBy(ROOT + ".provider")
                .layer("settings")
                .definedBy(ROOT + ".settings")
                .layer("signature")
                .definedBy(ROOT + ".signature")
                .layer("source")
                .definedBy(ROOT + ".source")
                .layer("protocol")
                .definedBy(ROOT + ".protocol")
                .layer("root")
                .definedBy(ROOT)
                .layer("delivery")
                .definedBy(ROOT + ".delivery")
                .layer("cli")
                .definedBy(ROOT + ".cli")
                .whereLayer("address")
                .mayNotAccessAnyLayer()
                .whereLayer("http")
                .mayNotAccessAnyLayer()
                .whereLayer("store")
                .mayNotAccessAnyLayer()
                .whereLayer("store.redis")
                .mayOnlyAccessLayers("store")
                .whereLayer("provider")
                .mayNotAccessAnyLayer()
                .whereLayer("settings")
                .mayOnlyAccessLayers("address", "provider")
                .whereLayer("jdbc")
                .mayOnlyAccessLayers("settings", "store")
                .whereLayer("signature")
                .mayOnlyAccessLayers("settings")
                .whereLayer("source")
                .mayOnlyAccessLayers("address", "settings")
                .whereLayer("protocol")
                .mayOnlyAccessLayers("address", "http", "provider", "settings", "signature", "source")
                .whereLayer("root")
                .mayOnlyAccessLayers(
                        "address", "http", "protocol", "provider", "settings", "signature", "source", "store")
                .whereLayer("delivery")
                .mayOnlyAccessLayers("http", "provider", "root", "settings", "store")
                .whereLayer("cli")
                .mayOnlyAccessLayers("http", "protocol", "provider", "root", "settings", "signature", "source", "store")
                .check(CORE);
    }

    /** Who does not use the store in a database needs no module of the JDK for it. */
    @Test
    void databasesAreUsedInTheirStoreOnly() {
        noClasses()
                .that(not(resideInAPackage(ROOT + ".store.jdbc")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "javax.naming..", ROOT + ".store.jdbc")
                .check(CORE);
    }

    /** The layers say as much of today's packages; this speaks of tomorrow's as well. */
    @Test
    void packagesAreFreeOfCycles() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                        return javaClass.getPackageName().startsWith(ROOT)
                                ? SliceIdentifier.of(javaClass.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CORE);
    }

    @Test
    void noClassIsNamedForBeingOneOrForServingAll() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveNameMatching(".*(Util|Utils|Manager|Helper|Helpers)(\\$.*)?")
                .check(CORE);
    }

    @Test
    void whatIsLoggedGoesThroughSlf4j() {
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CORE);
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE.that(not(JavaClass.Predicates.simpleName("CommandLine"))));
    }

    /** {@code InetAddress} looks up in DNS what it does not take for a literal, and takes more for one than we do. */
    @Test
    void noNameIsLookedUp() {
        noClasses()
                .should()
                .dependOnClassesThat(belongToAnyOf(InetAddress.class, InetSocketAddress.class))
                .check(CORE);
    }

    @Test
    void theTimeIsAskedOfTheClockThatWasGiven() {
        noClasses()
                .should(callMethod(Instant.class, "now"))
                .orShould(callMethod(System.class, "currentTimeMillis"))
                .orShould(callMethod(LocalDateTime.class, "now"))
                .orShould(callMethod(ZonedDateTime.class, "now"))
                .orShould(callMethod(Clock.class, "systemUTC"))
                .orShould(callMethod(Clock.class, "systemDefaultZone"))
                .orShould()
                .callConstructor(Date.class)
                .check(CORE);
        noClasses()
                .that(not(JavaClass.Predicates.belongToAnyOf(SteadyClock.class, CommandLine.class)))
                .should()
                .callMethod(InstantSource.class, "system")
                .check(CORE);
    }
}
