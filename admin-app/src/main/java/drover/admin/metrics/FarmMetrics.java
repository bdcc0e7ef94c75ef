package drover.admin.metrics;

import drover.admin.config.Configurations;
import drover.admin.config.Generations;
import drover.admin.stats.Sampler;
import drover.admin.supervision.Farm;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import org.springframework.stereotype.Component;

/**
 * The farm for Prometheus: one reading of the region for each scrape. A number of the region is never kept in a meter, where
 * it could go stale.
 */
@Component
final class FarmMetrics implements MultiCollector {

    private final Farm farm;
    private final Sampler sampler;
    private final Generations generations;

    FarmMetrics(Farm farm, Sampler sampler, Configurations configurations, PrometheusRegistry registry) {
        this.farm = farm;
        this.sampler = sampler;
        this.generations = configurations.generations();
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        var slots = farm.slots();
        var region = sampler.reading();
        var metrics = new ArrayList<MetricSnapshot>();
        metrics.addAll(AdminMetrics.of(farm, generations, region.isPresent()));
        metrics.addAll(WorkerMetrics.of(slots));
        region.ifPresent(reading -> {
            metrics.addAll(CounterMetrics.of(reading, slots));
            metrics.addAll(WorkerMetrics.of(reading, slots));
            metrics.addAll(VhostMetrics.of(reading.vhosts()));
        });
        return new MetricSnapshots(metrics);
    }
}
