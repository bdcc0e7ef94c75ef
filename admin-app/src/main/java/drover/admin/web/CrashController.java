package drover.admin.web;

import drover.admin.crashes.CrashFiles;
import drover.admin.crashes.CrashReport;
import drover.admin.shared.Refusal;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Crash reports, from their files. */
@RestController
@RequestMapping("/api/v1/crashes")
final class CrashController {

    private final CrashFiles files;

    CrashController(CrashFiles files) {
        this.files = files;
    }

    /** The latest first. */
    @GetMapping
    List<CrashReport.Summary> list() {
        return files.list();
    }

    @GetMapping("/{id}")
    CrashReport report(@PathVariable String id) {
        return files.find(id)
                .orElseThrow(() -> new Refusal(
                        HttpStatus.NOT_FOUND, "No crash report has this id; the last 50 are kept, for 30 days."));
    }
}
