package drover.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds the arrows between the packages, as ARCHITECTURE.md draws them. */
class ArrowsTest {

    private static final JavaClasses WORKER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("drover.engine");

    @Test
    void the_packages_have_no_cycles() {
        slices().matching("drover.engine.(*)..").should().beFreeOfCycles().check(WORKER);
    }

    @Test
    void the_lowest_packages_import_nothing_of_ours_but_addresses() {
        for (var lowest : new String[] {"http", "posix", "config", "log", "vhost", "peer"}) {
            var own = "drover.engine." + lowest + "..";
            noClasses()
                    .that()
                    .resideInAPackage(own)
                    .should()
                    .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                            "other packages of ours",
                            type -> type.getPackageName().startsWith("drover.")
                                    && !type.getPackageName().equals("drover.engine.peer")
                                    && !type.getPackageName().equals("drover.engine." + lowest)))
                    .because("they can be read, tested and reasoned about alone")
                    .check(WORKER);
        }
    }

    @Test
    void the_statistics_need_nothing_of_ours_but_shared_memory() {
        noClasses()
                .that()
                .resideInAPackage("drover.engine.stats..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "other packages of ours",
                        type -> type.getPackageName().startsWith("drover.")
                                && !type.getPackageName().equals("drover.engine.posix")
                                && !type.getPackageName().equals("drover.engine.stats")))
                .because("admin uses them, and nothing else of the engine")
                .check(WORKER);
    }

    @Test
    void the_worker_needs_nothing_but_java() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("drover.engine..", "java..", "org.jspecify.annotations..")
                .because("a process that reads hostile bytes brings no code of others along")
                .check(WORKER);
    }

    @Test
    void only_posix_touches_native_code() {
        noClasses()
                .that()
                .resideOutsideOfPackages("drover.engine.posix..", "drover.engine.lane..", "drover.engine.stats..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(WORKER);
    }
}
