package dev.octroi;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The directions and bans that ARCHITECTURE.md states. */
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src/main/java");

    /** Features whose core is the whole package: plain Java without Vert.x. */
    private static final String[] PURE = {
        "dev.octroi.policy..",
        "dev.octroi.drain..",
        "dev.octroi.notice.words..",
        "dev.octroi.quota.account..",
        "dev.octroi.quota.decide..",
        "dev.octroi.rsp.asn1..",
        "dev.octroi.rsp.cert..",
        "dev.octroi.rsp.bound..",
        "dev.octroi.rsp.session..",
        "dev.octroi.rsp.profile..",
    };

    /** What draws from nobody knows where when it is made without a seed. */
    private static final Set<String> DRAWS =
            Set.of("java.util.Random", "java.util.SplittableRandom", "java.security.SecureRandom");

    private static JavaClasses classes;

    @BeforeAll
    static void read() throws URISyntaxException {
        // Where the product was compiled to, whichever tool did it: tests lie elsewhere.
        Path product = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        classes = new ClassFileImporter().importPath(product);
    }

    @Test
    void nobodyButTheCommandLineKnowsTheApp() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.octroi.app..", "dev.octroi.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.octroi.app..")
                .check(classes);
    }

    @Test
    void nobodyKnowsTheCommandLineButMain() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.octroi.cli..", "dev.octroi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.octroi.cli..")
                .check(classes);
    }

    @Test
    void featuresDoNotKnowTheApisAndPagesOnTopOfThem() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.octroi.api..", "dev.octroi.web..", "dev.octroi.app..", "dev.octroi.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.octroi.api..", "dev.octroi.web..")
                .check(classes);
    }

    @Test
    void groundLayersKnowNoFeature() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.octroi.db..", "dev.octroi.telemetry..", "dev.octroi.secret..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.octroi..")
                        .and(DescribedPredicate.not(resideInAnyPackage(
                                "dev.octroi.db..", "dev.octroi.telemetry..", "dev.octroi.secret.."))))
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void featuresHaveNoCycles() {
        slices().matching("dev.octroi.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void whatDecidesKnowsNothingOfWhatIsWritten() {
        noClasses()
                .that()
                .resideInAPackage("dev.octroi.quota.account..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.octroi.quota", "dev.octroi.quota.decide..", "dev.octroi.quota.rehearsal..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.octroi.quota.decide..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.octroi.quota", "dev.octroi.quota.rehearsal..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.octroi.quota")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.octroi.quota.rehearsal..")
                .check(classes);
    }

    @Test
    void callbacksAreRoomsOnTopOfEachOther() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.octroi.callback..")
                .layer("together")
                .definedBy("dev.octroi.callback")
                .layer("reconcile")
                .definedBy("dev.octroi.callback.reconcile..")
                .layer("webhook")
                .definedBy("dev.octroi.callback.webhook..")
                .layer("network")
                .definedBy("dev.octroi.callback.network..")
                .layer("message")
                .definedBy("dev.octroi.callback.message..")
                .layer("outbox")
                .definedBy("dev.octroi.callback.outbox..")
                .whereLayer("together")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("reconcile")
                .mayOnlyBeAccessedByLayers("together")
                .whereLayer("webhook")
                .mayOnlyBeAccessedByLayers("together")
                .whereLayer("network")
                .mayOnlyBeAccessedByLayers("together", "reconcile")
                .whereLayer("message")
                .mayOnlyBeAccessedByLayers("together", "reconcile", "webhook", "network")
                .whereLayer("outbox")
                .mayOnlyBeAccessedByLayers("together", "reconcile", "webhook", "network", "message")
                .check(classes);
        slices().matching("dev.octroi.callback.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void pureCoresKnowNeitherVertxNorSql() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "java.sql..", "io.netty..")
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void sqlIsRunOnlyInDbAndStores() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.octroi.db..")
                .and(describe(
                        "are no store", (JavaClass type) -> !outermost(type).endsWith("Store")))
                .should()
                .accessTargetWhere(describe(
                        "runs SQL",
                        (JavaAccess<?> access) ->
                                access.getTargetOwner().getPackageName().startsWith("io.vertx.sqlclient")
                                        && Set.of("query", "preparedQuery", "prepare")
                                                .contains(access.getName())))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.sql..")
                .check(classes);
    }

    @Test
    void bouncyCastleStaysInItsPackages() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.octroi.secret..", "dev.octroi.pki..", "dev.octroi.rsp..", "dev.octroi.callback..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .check(classes);
    }

    @Test
    void theKafkaClientIsKnownToItsFeedOnlySoThatNothingElseLoadsIt() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.octroi.usage.kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.octroi.usage.kafka..")
                .and()
                .doNotHaveFullyQualifiedName("dev.octroi.app.Feeds")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.octroi.usage.kafka..")
                .check(classes);
    }

    @Test
    void timeAndRandomnessAreInjected() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.octroi.app..", "dev.octroi.cli..", "dev.octroi")
                .and()
                .doNotHaveSimpleName("EmbeddedServer")
                .should()
                .accessTargetWhere(describe("reads the clock or draws at random", ArchitectureTest::isAmbient))
                .check(classes);
    }

    @Test
    void namesSayWhatAClassDoes() {
        classes()
                .should()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Impl")
                .check(classes);
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            Stream<Path> packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct();
            assertThat(packages)
                    .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                            .content()
                            .contains("@NullMarked"));
        }
    }

    /** Calls and references to methods alike. */
    private static boolean isAmbient(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getFullName();
        return switch (access.getName()) {
            case "now" -> owner.startsWith("java.time.") && !owner.equals("java.time.Clock");
            case "currentTimeMillis" -> owner.equals("java.lang.System");
            case "systemUTC", "systemDefaultZone", "system", "tick", "tickMillis", "tickSeconds", "tickMinutes" ->
                owner.equals("java.time.Clock") || owner.equals("java.time.InstantSource");
            case "randomUUID" -> owner.equals("java.util.UUID");
            case "random" -> owner.equals("java.lang.Math");
            case "current" -> owner.equals("java.util.concurrent.ThreadLocalRandom");
            case "getDefault" -> owner.equals("java.util.random.RandomGenerator");
            case "getInstanceStrong" -> owner.equals("java.security.SecureRandom");
            case "<init>" -> DRAWS.contains(owner) && isWithoutArguments(access.getTarget());
            default -> false;
        };
    }

    private static boolean isWithoutArguments(AccessTarget target) {
        return target instanceof CodeUnitAccessTarget unit
                && unit.getRawParameterTypes().isEmpty();
    }

    private static String outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getSimpleName();
    }
}
