package dev.basalt.kit.lifecycle;

import dev.basalt.kit.control.ControlDatabase;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the control database answers. */
@Readiness
@ApplicationScoped
class ControlDatabaseReadiness implements AsyncHealthCheck {
    private static final String NAME = "control database";
    private final ControlDatabase control;

    @Inject
    ControlDatabaseReadiness(ControlDatabase control) {
        this.control = control;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom()
                .completionStage(() -> control.query("select 1", Tuple.tuple())
                        .map(rows -> HealthCheckResponse.up(NAME))
                        .otherwise(HealthCheckResponse.down(NAME))
                        .toCompletionStage());
    }
}
