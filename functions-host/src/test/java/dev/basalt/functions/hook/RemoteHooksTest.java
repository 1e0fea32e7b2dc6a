package dev.basalt.functions.hook;

import static dev.basalt.functions.Deployer.deploy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.caller.Role;
import dev.basalt.kit.function.RemoteConfig;
import dev.basalt.kit.function.RemoteFunctionHost;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.kit.secret.MasterKeyConfig;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hooks as a service of another process has them run. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class RemoteHooksTest {
    private static final UUID ANN = UUID.randomUUID();

    @Inject
    TestProjects projects;

    @Inject
    Vertx vertx;

    @Inject
    MasterKeyConfig secrets;

    private NewProject project;
    private RemoteFunctionHost remote;

    @BeforeEach
    void twoHooks() {
        project = projects.create("h-" + UUID.randomUUID().toString().substring(0, 8));
        remote = new RemoteFunctionHost(vertx, new ThisHost("http://localhost:" + RestAssured.port), secrets);
        hook("a", 1);
        hook("b", -1);
        await().until(() -> triggers().size() == 2);
    }

    private record ThisHost(String address) implements RemoteConfig {
        @Override
        public Optional<String> url() {
            return Optional.of(address);
        }

        @Override
        public int maxConnections() {
            return 1;
        }

        @Override
        public int maxWaiting() {
            return 1;
        }

        @Override
        public Duration margin() {
            return Duration.ofSeconds(15);
        }

        @Override
        public Duration buildTimeout() {
            return Duration.ofSeconds(15);
        }
    }

    private void hook(String name, int order) {
        deploy(project, name, """
                export async function onEvent({ record }, ctx) {
                  if (record.email.startsWith("bad")) return { reject: { code: "%1$s" } };
                  const steps = [...(record.steps ?? []), "%1$s"];
                  return { record: { ...record, steps, by: ctx.caller.id, team: ctx.caller.claims.team } };
                }
                """.formatted(name), """
                {"triggers":[{"on":"users","when":"before","events":["insert"],"order":%d}]}""".formatted(order));
    }

    private List<DataTrigger> triggers() {
        return projects.project(project.ref()).triggers(Moment.BEFORE, DataTrigger.USERS, Operation.INSERT);
    }

    private HookVerdict run(String email) {
        var claims = new JsonObject().put("team", "red").put("role", "authenticated");
        var context = RequestContext.internal("test", projects.project(project.ref()), 0)
                .as(new Caller.User(
                        ANN, UUID.randomUUID(), Role.AUTHENTICATED, claims, claims.encode(), Instant.now()));
        var record = new JsonObject().put("email", email);
        return TestProjects.await(
                remote.before(context, new HookCall(triggers(), Operation.INSERT, "auth", "users", record, null)));
    }

    @Test
    void hooksRunByOrderEachOnWhatTheOneBeforeMadeInTheCallersName() {
        assertThat(run("ann@example.com")).isEqualTo(new HookVerdict.Proceed(new JsonObject("""
                        {"email": "ann@example.com", "steps": ["b", "a"], "by": "%s", "team": "red"}""".formatted(ANN))));
    }

    @Test
    void theFirstRejectionEndsIt() {
        assertThat(run("bad@example.com")).isEqualTo(new HookVerdict.Reject(400, "b", "The write was refused"));
    }
}
