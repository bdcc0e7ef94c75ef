package drover.admin;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.servlet.http.HttpServlet;
import org.junit.jupiter.api.Test;
import org.springframework.web.HttpRequestHandler;

/** Holds the arrows between the packages, as ARCHITECTURE.md draws them. */
class ArrowsTest {

    private static final JavaClasses ADMIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("drover.admin");

    @Test
    void the_packages_have_no_cycles() {
        slices().matching("drover.admin.(*)..").should().beFreeOfCycles().check(ADMIN);
    }

    @Test
    void nobody_needs_the_class_that_starts_everything() {
        noClasses()
                .that()
                .resideInAPackage("drover.admin.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("drover.admin")
                .check(ADMIN);
    }

    @Test
    void of_the_engine_only_the_statistics_are_used() {
        noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "parts of the engine other than its statistics",
                        type -> type.getPackageName().startsWith("drover.engine")
                                && !type.getPackageName().equals("drover.engine.stats")))
                .because("admin reads the region and the master's answers; it never serves")
                .check(ADMIN);
    }

    @Test
    void answers_come_from_controllers_alone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.web.servlet.function..", "org.springframework.boot.actuate.endpoint..")
                .orShould()
                .beAssignableTo(HttpServlet.class)
                .orShould()
                .beAssignableTo(HttpRequestHandler.class)
                .because("SecurityIT walks what controllers map, and takes that for everything there is")
                .check(ADMIN);
    }

    @Test
    void the_supervisor_knows_no_web() {
        noClasses()
                .that()
                .resideInAPackage("drover.admin.supervision..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.servlet..", "org.springframework.web..", "org.springframework.security..")
                .check(ADMIN);
    }

    @Test
    void crash_reports_know_nothing_of_who_has_them_written_or_reads_them() {
        noClasses()
                .that()
                .resideInAPackage("drover.admin.crashes..")
                .should()
                .dependOnClassesThat(describe(
                        "other parts of admin than its settings",
                        type -> type.getPackageName().startsWith("drover.admin")
                                && !type.getPackageName().equals("drover.admin.crashes")
                                && !type.getPackageName().equals("drover.admin.config")))
                .because("the supervisor and the command line both use them")
                .check(ADMIN);
    }
}
