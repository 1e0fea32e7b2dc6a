package dev.basalt.functions.build;

import static dev.basalt.functions.Deployer.put;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.basalt.functions.invoke.InvocationLogbook;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources as users upload them, through the control plane's API and the real bundler. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class BuildTest {
    @Inject
    TestProjects projects;

    @Inject
    InvocationLogbook logbook;

    private NewProject project;

    @BeforeAll
    static void bundlerIsThere() {
        var there = Esbuild.class.getResource("esbuild") != null;
        if (!there) {
            System.err.println("SKIPPED: this tree was built without npm, so nothing can be bundled");
        }
        assumeTrue(there);
    }

    @BeforeEach
    void newProject() {
        project = projects.create("b-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private ValidatableResponse deploy(String name, Map<String, Object> files) {
        return put(project, name, new JsonObject(files), null);
    }

    private String call(String name) {
        return given().header("apikey", project.publishableKey())
                .get("/functions/v1/" + name)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    void typeScriptWithFilesBesideItRuns() {
        deploy(
                        "typed",
                        Map.of(
                                "index.ts",
                                """
                                import { greet, type Name } from "./lib/greet.ts";
                                import data from "./data.json";
                                const name: Name = { first: data.first };
                                export default { fetch: (request: Request): Response => new Response(greet(name)) };
                                """,
                                "lib/greet.ts",
                                "export interface Name { first: string }\nexport const greet = (n: Name) => `hello ${n.first}`;",
                                "data.json",
                                "{\"first\": \"Ann\"}"))
                .statusCode(201)
                .body("checked", equalTo(true), "manifest.entrypoint", equalTo("index.js"));
        assertThat(call("typed")).isEqualTo("hello Ann");
    }

    @Test
    void packagesComeFromTheUploadsNodeModules() {
        deploy(
                        "packages",
                        Map.of(
                                "index.js",
                                """
                                import { one } from "npm:@scope/numbers@^1.2/one";
                                import numbers from "numbers";
                                import { three } from "jsr:@std/three@1";
                                import { four } from "jsr:@own/four";
                                export default { fetch: () => Response.json([one, numbers.two, three, four]) };
                                """,
                                "node_modules/@scope/numbers/package.json",
                                "{\"exports\": {\"./one\": {\"browser\": \"./one.js\", \"default\": \"./nothing.js\"}}}",
                                "node_modules/@scope/numbers/one.js",
                                "export const one = 1;",
                                "node_modules/numbers/package.json",
                                "{\"main\": \"main.js\"}",
                                "node_modules/numbers/main.js",
                                "module.exports = { two: 2 };",
                                "node_modules/@jsr/std__three/package.json",
                                "{\"exports\": {\".\": \"./three.js\"}}",
                                "node_modules/@jsr/std__three/three.js",
                                "export const three = 3;",
                                "node_modules/@own/four/index.js",
                                "export const four = 4;"))
                .statusCode(201);
        assertThat(call("packages")).isEqualTo("[1,2,3,4]");
    }

    @Test
    void aSupabaseProjectBuildsFromItsOwnLayout() {
        deploy(
                        "hello",
                        Map.of(
                                "supabase/functions/hello/index.ts",
                                """
                                import { cors } from "../_shared/cors.ts";
                                import { size } from "@/size.ts";
                                import { two } from "two";
                                export default { fetch: (): Response => Response.json({ cors, size, two }) };
                                """,
                                "supabase/functions/hello/deno.json",
                                """
                                {
                                  // What is imported under which name.
                                  "imports": { "@/": "./lib/", "two": "npm:pair@2/two", }
                                }
                                """,
                                "supabase/functions/hello/lib/size.ts",
                                "export const size: number = 7;",
                                "supabase/functions/_shared/cors.ts",
                                "export const cors = '*';",
                                "supabase/functions/other/index.ts",
                                "this is no code",
                                "node_modules/pair/two.js",
                                "export const two = 2;"))
                .statusCode(201);
        assertThat(call("hello")).isEqualTo("{\"cors\":\"*\",\"size\":7,\"two\":2}");
    }

    @Test
    void theSameSourceMakesTheSameArtifact() {
        Map<String, Object> source =
                Map.of("index.ts", "import './b.ts'; export const onEvent = () => 1;", "b.ts", "export {};");
        var first = deploy("same", source).statusCode(201).extract();
        var again = deploy("same", source).statusCode(200).extract();
        var other = deploy("another", source).statusCode(201).extract();
        assertThat(again.<Integer>path("version")).isEqualTo(2);
        assertThat(again.<String>path("digest")).isEqualTo(first.path("digest")).isEqualTo(other.path("digest"));
        deploy("same", Map.of("index.ts", "export const onEvent = () => 2;"))
                .body("digest", not(equalTo(first.<String>path("digest"))));
    }

    @Test
    void errorsSayWhereInTheSource() {
        deploy("bad", Map.of("index.ts", "import './b.ts';", "b.ts", "const a = 1;\n  const x: = 5;"))
                .statusCode(422)
                .body("code", equalTo("build_failed"), "file", equalTo("b.ts"), "line", equalTo(2))
                .body("column", equalTo(12), "detail", containsString("b.ts:2: Unexpected"));
        deploy("bad", Map.of("index.ts", "import fs from 'node:fs'; fs.readFileSync('x');"))
                .statusCode(422)
                .body(
                        "detail",
                        containsString("node:fs is part of Node.js"),
                        "line",
                        equalTo(1),
                        "column",
                        equalTo(16));
        deploy("bad", Map.of("index.ts", "\nimport { z } from 'zod'; z();"))
                .statusCode(422)
                .body("detail", containsString("zod is not in the upload"), "line", equalTo(2));
        deploy("bad", Map.of("index.ts", "const a = 1;\nimport z from 'https://esm.sh/zod'; z(a);"))
                .statusCode(422)
                .body("detail", containsString("https://esm.sh/zod is not fetched"))
                .body("file", equalTo("index.ts"), "line", equalTo(2), "column", equalTo(15));
        deploy("bad", Map.of("index.ts", "export default {};", "deno.json", "{\n  imports: 1\n}"))
                .statusCode(422)
                .body("file", equalTo("deno.json"), "line", equalTo(2));
        given().header("apikey", project.secretKey().value())
                .get("/platform/v1/projects/" + project.ref() + "/functions/bad")
                .then()
                .statusCode(404);
    }

    @Test
    void whatFailsIsPlacedInTheSource() {
        deploy(
                        "thrower",
                        Map.of(
                                "index.ts",
                                "import { fail } from './lib/fail.ts';\ninterface A { a: number }\nexport default { fetch: () => fail() };",
                                "lib/fail.ts",
                                "type B = string;\n\nexport function fail(): Response {\n  throw new Error('on line 4');\n}"))
                .statusCode(201);
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/thrower")
                .then()
                .statusCode(500)
                .body(not(containsString("on line 4")));
        logbook.flush().toCompletionStage().toCompletableFuture().join();
        given().header("apikey", project.secretKey().value())
                .get("/platform/v1/projects/" + project.ref() + "/functions/thrower/invocations")
                .then()
                .body("invocations[0].error.file", equalTo("lib/fail.ts"), "invocations[0].error.line", equalTo(4))
                .body("invocations[0].error.stack", containsString("lib/fail.ts:4:9"))
                .body("invocations[0].error.stack", containsString("index.ts:3:"));
    }

    @Test
    void nothingOutsideOfTheSourceIsRead(@TempDir Path directory) throws Exception {
        var secret = Files.writeString(directory.resolve("secret.json"), "{\"key\": \"of the host\"}");
        for (var from : new String[] {secret.toString(), "../../../../../../../../../.." + secret}) {
            deploy(
                            "spy",
                            Map.of(
                                    "index.ts",
                                    "import s from '" + from + "'; export default { fetch: () => Response.json(s) };"))
                    .statusCode(422)
                    .body("code", equalTo("build_failed"), "detail", not(containsString("of the host")));
        }
        deploy("spy", Map.of("index.ts", "import s from '/etc/passwd'; export default s;"))
                .statusCode(422);
    }

    @Test
    void aManifestMaySwitchBuildingOff() {
        put(
                        project,
                        "raw",
                        new JsonObject(Map.of("index.ts", "const x: number = 1;")),
                        new JsonObject("{\"build\": false}"))
                .statusCode(422)
                .body("file", equalTo("index.ts"), "line", equalTo(1));
        put(
                        project,
                        "raw",
                        new JsonObject(Map.of(
                                "index.js",
                                "export default { fetch: () => new Response('raw') };",
                                "package.json",
                                "{}")),
                        new JsonObject("{\"build\": false}"))
                .statusCode(201);
        assertThat(call("raw")).isEqualTo("raw");
    }

    @Test
    void aBundleThatIsTooLargeIsRefused() {
        // Each import of a data URL's text is bundled once more.
        var big = "x".repeat(6 << 20);
        deploy(
                        "big",
                        Map.of(
                                "index.ts",
                                "import a from './a.txt'; import b from './b.txt'; export default { a, b };",
                                "a.txt",
                                big,
                                "b.txt",
                                big))
                .statusCode(413)
                .body("code", equalTo("artifact_too_large"));
    }

    @Test
    void aManifestInYamlIsReadAndItsErrorsHaveAPlace() {
        var code = "export default { fetch: (r, env) => new Response(env.GREETING) };";
        deploy(
                        "yaml",
                        Map.of(
                                "index.js",
                                code,
                                "basalt.function.yaml",
                                "# ours\nname: yaml\ntimeoutMs: 500\nenv:\n  GREETING: hi\n"))
                .statusCode(201)
                .body("manifest.timeoutMs", equalTo(500));
        assertThat(call("yaml")).isEqualTo("hi");
        deploy("yaml", Map.of("index.js", code, "basalt.function.yaml", "name: yaml\nenv:\n  A: 1\n"))
                .statusCode(422)
                .body("code", equalTo("invalid_manifest"), "line", equalTo(3), "column", equalTo(3))
                .body("detail", equalTo("basalt.function.yaml:3:3: env.A must be a text under a plain name"));
        deploy("yaml", Map.of("index.js", code, "basalt.function.yaml", "name: yaml\n  x: [\n"))
                .statusCode(422)
                .body("code", equalTo("invalid_manifest"), "line", equalTo(2));
        deploy("yaml", Map.of("index.js", code, "basalt.function.yaml", "name: other\n"))
                .statusCode(422)
                .body("line", equalTo(1));
    }

    @Test
    void runtimesThatAreNotThereAreRefused() {
        put(project, "later", new JsonObject(Map.of("index.js", "")), new JsonObject("{\"signature\": \"azure\"}"))
                .statusCode(422)
                .body("code", equalTo("build_failed"), "detail", containsString("signature azure"));
        deploy("later", Map.of("index.js", "export default {};")).statusCode(oneOf(200, 201));
    }
}
