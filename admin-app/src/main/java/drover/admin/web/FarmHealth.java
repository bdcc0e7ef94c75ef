package drover.admin.web;

import drover.admin.stats.Sampler;
import drover.admin.supervision.SlotState;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** {@code /actuator/health}: down if no new request would be answered. */
@Configuration
class FarmHealth {

    @Bean
    HealthIndicator master(Sampler sampler) {
        return () -> {
            var state = sampler.latest().master().state();
            return health(state == SlotState.UP).withDetail("state", state).build();
        };
    }

    @Bean
    HealthIndicator workers(Sampler sampler) {
        return () -> {
            var health = Health.of(sampler.latest());
            return health(health.state() != Health.State.DOWN)
                    .withDetail("sentence", health.sentence())
                    .build();
        };
    }

    private static org.springframework.boot.health.contributor.Health.Builder health(boolean up) {
        var builder = new org.springframework.boot.health.contributor.Health.Builder();
        return up ? builder.up() : builder.down();
    }
}
