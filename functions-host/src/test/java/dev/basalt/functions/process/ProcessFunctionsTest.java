package dev.basalt.functions.process;

import static dev.basalt.functions.Deployer.deploy;
import static dev.basalt.functions.Deployer.put;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.basalt.functions.Echo;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions that are processes, deployed and called as users do. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class ProcessFunctionsTest {
    @Inject
    TestProjects projects;

    @Inject
    HookInvoker hooks;

    private NewProject project;

    @BeforeEach
    void newProject() {
        Missing.skipWithout("node", Missing.NODE);
        project = projects.create("p-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @Test
    void aLambdaHandlerAnswersOverHttpAndItsErrorsStayInItsLog() {
        deploy(
                project,
                "lambda",
                "exports.handler = async (event) => { if (event.rawPath === '/fail') throw new Error('hidden');"
                        + " return { statusCode: 203, headers: { 'x-l': '1' }, body: event.rawPath + event.body }; };",
                "{\"runtime\":\"nodejs\"}");
        given().header("apikey", project.publishableKey())
                .contentType("text/plain")
                .body("b")
                .post("/functions/v1/lambda/a")
                .then()
                .statusCode(203)
                .header("x-l", "1")
                .body(equalTo("/ab"));
        given().header("apikey", project.publishableKey())
                .post("/functions/v1/lambda/fail")
                .then()
                .statusCode(500)
                .body(not(containsString("hidden")));
    }

    @Test
    void aServersRequestAndAnswerFlow() throws IOException {
        var server = "#!" + Missing.NODE.orElseThrow()
                + "\nrequire('node:http').createServer((request, response) => request.pipe(response)).listen(process.env.PORT);";
        put(
                        project,
                        "echo",
                        new JsonObject(Map.of("bootstrap", server)),
                        new JsonObject("{\"runtime\":\"provided\",\"signature\":\"basalt\"}"))
                .statusCode(201);
        Echo.flowsBothWays(project, "echo");
    }

    @Test
    void handlersOfOtherPlatformsRunInIsolatesToo() {
        deploy(
                project,
                "action",
                "function main(params) { return { statusCode: 201, body: params.name } }",
                "{\"signature\":\"openwhisk\",\"build\":false}");
        given().header("apikey", project.publishableKey())
                .contentType("application/json")
                .body("{\"name\":\"Ann\"}")
                .post("/functions/v1/action")
                .then()
                .statusCode(201)
                .body(equalTo("Ann"));
    }

    @Test
    void aProcessDecidesAboutRows() {
        deploy(
                project,
                "hook",
                "exports.handler = async (event) => event.record.title ? { record: { ...event.record, by: 'node' } } : { reject: { status: 422, code: 'no_title', message: 'A title is needed' } };",
                "{\"runtime\":\"nodejs\",\"triggers\":[{\"on\":\"table\",\"table\":\"public.todos\",\"when\":\"before\",\"events\":[\"insert\"],\"timeoutMs\":10000}]}");
        assertThat(before("{\"title\":\"a\"}"))
                .isEqualTo(new HookVerdict.Proceed(new JsonObject("{\"title\":\"a\",\"by\":\"node\"}")));
        assertThat(before("{}")).isEqualTo(new HookVerdict.Reject(422, "no_title", "A title is needed"));
    }

    private HookVerdict before(String record) {
        Awaitility.await()
                .until(() -> !projects.project(project.ref())
                        .triggers(Moment.BEFORE, "public.todos", Operation.INSERT)
                        .isEmpty());
        var context = RequestContext.internal("test-request", projects.project(project.ref()), 0);
        return TestProjects.await(hooks.before(
                context,
                new HookCall(
                        context.project().triggers(Moment.BEFORE, "public.todos", Operation.INSERT),
                        Operation.INSERT,
                        "public",
                        "todos",
                        new JsonObject(record),
                        null)));
    }

    @Test
    void whatIsNotOnOfferIsRefusedAtDeployment() {
        put(
                        project,
                        "azure",
                        new JsonObject(Map.of("index.js", "1")),
                        new JsonObject("{\"runtime\":\"js\",\"signature\":\"azure\"}"))
                .statusCode(422)
                .body("detail", containsString("signature azure is not available with runtime js"));
        put(
                        project,
                        "java",
                        new JsonObject(Map.of("function.jar", "1")),
                        new JsonObject("{\"runtime\":\"java\",\"handler\":\"a.B\"}"))
                .statusCode(422)
                .body("detail", containsString("aws-lambda-java-runtime-interface-client"));
    }
}
