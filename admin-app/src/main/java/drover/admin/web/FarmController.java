package drover.admin.web;

import drover.admin.stats.Sampler;
import drover.admin.web.Views.Status;
import drover.admin.web.Views.Worker;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The farm: facts. */
@RestController
@RequestMapping("/api/v1")
final class FarmController {

    private final Sampler sampler;

    FarmController(Sampler sampler) {
        this.sampler = sampler;
    }

    @GetMapping("/status")
    Status status() {
        return Status.of(sampler.latest());
    }

    @GetMapping("/workers")
    List<Worker> workers() {
        return Views.workers(sampler.latest());
    }
}
