package drover.admin.web;

import drover.admin.stats.RecordedRequest;
import drover.admin.stats.Sampler;
import drover.admin.supervision.Farm;
import drover.admin.web.Views.Vhost;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What clients ask for: sums by virtual host, and single requests. */
@RestController
@RequestMapping("/api/v1")
final class RequestController {

    private final Farm farm;
    private final Sampler sampler;

    RequestController(Farm farm, Sampler sampler) {
        this.farm = farm;
        this.sampler = sampler;
    }

    @GetMapping("/vhosts")
    List<Vhost> vhosts() {
        return sampler.latest().vhosts().stream().map(Vhost::of).toList();
    }

    /** The oldest in flight first, and the last finished first. */
    record Requests(List<RecordedRequest> inFlight, List<RecordedRequest> finished) {}

    /** From the region at this moment, whatever the worker does. */
    @GetMapping("/workers/{number}/requests")
    Requests requests(@PathVariable int number) {
        var slot = farm.slots().stream()
                .filter(one -> one.slot() == number)
                .findFirst()
                .orElseThrow(() -> Problems.noSuchWorker(number, farm));
        var split = RecordedRequest.of(farm.region(), slot, System.nanoTime()).stream()
                .collect(Collectors.partitioningBy(RecordedRequest::isInFlight));
        return new Requests(split.getOrDefault(true, List.of()), split.getOrDefault(false, List.of()));
    }
}
