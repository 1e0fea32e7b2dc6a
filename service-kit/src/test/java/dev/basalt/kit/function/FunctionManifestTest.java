package dev.basalt.kit.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.FunctionManifest.Scaling;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionManifestTest {
    private static FunctionManifest parse(String json) {
        return FunctionManifest.parse(new JsonObject(json.replace('\'', '"')));
    }

    @Test
    void anEmptyManifestHasEveryDefault() {
        var manifest = parse("{}");
        assertThat(manifest.runtime()).isEqualTo("js");
        assertThat(manifest.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(manifest.memoryMb()).isEqualTo(128);
        assertThat(manifest.isPublic()).isFalse();
        assertThat(FunctionManifest.parse(manifest.toJson())).isEqualTo(manifest);
    }

    @Test
    void triggersKeepWhatTheySayThroughJson() {
        var manifest = parse(
                "{'triggers':[{'table':'todos','when':'before','events':['insert','delete'],'timeoutMs':10000}]}");
        var trigger = manifest.triggers().getFirst();
        assertThat(trigger.table()).isEqualTo("public.todos");
        assertThat(trigger.moment()).isEqualTo(Moment.BEFORE);
        assertThat(trigger.operations()).containsExactlyInAnyOrder(Operation.INSERT, Operation.DELETE);
        assertThat(trigger.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(trigger.allowOnFailure()).isFalse();
        assertThat(FunctionManifest.parse(manifest.toJson())).isEqualTo(manifest);
        assertThat(manifest.projectTriggers("f").getJsonObject(0).getString("function"))
                .isEqualTo("f");
    }

    @Test
    void triggersOnUsersAndObjectsKeepWhatTheySayThroughJson() {
        var manifest = parse("""
                {'triggers':[{'on':'users','when':'before','events':['insert'],'order':-1000},
                  {'on':'objects','when':'before','events':['update'],'order':1000},
                  {'table':'auth.users','when':'before','events':['delete']},
                  {'table':'todos','when':'after','events':['insert']}]}""");
        assertThat(manifest.triggers())
                .extracting(FunctionManifest.Trigger::table, FunctionManifest.Trigger::order)
                .containsExactly(
                        tuple("auth.users", -1000),
                        tuple("storage.objects", 1000),
                        tuple("auth.users", 0),
                        tuple("public.todos", 0));
        assertThat(FunctionManifest.parse(manifest.toJson())).isEqualTo(manifest);
        var written = manifest.toJson().getJsonArray("triggers");
        assertThat(written.getJsonObject(1).getString("on")).isEqualTo("objects");
        assertThat(written.getJsonObject(1).containsKey("table")).isFalse();
        var listed = manifest.projectTriggers("f").getJsonObject(0);
        assertThat(listed.getString("table")).isEqualTo("auth.users");
        assertThat(listed.getInteger("order")).isEqualTo(-1000);
    }

    @Test
    void everyFieldSurvivesItsJson() {
        var manifest = parse("""
                {'name':'f','runtime':'nodejs','signature':'openwhisk','entrypoint':'a.js','handler':'a.run','build':false,
                 'timeoutMs':1,'memoryMb':512,'maxNestedGbSeconds':5,'concurrency':3,'minInstances':1,'maxInstances':4,'idleMs':1000,'queue':7,
                 'public':true,'env':{'A':'x'},'secrets':['B'],'egress':['Api.example.com','*.example.org:8443'],
                 'grants':{'service':true}}""");
        assertThat(manifest.name()).contains("f");
        assertThat(manifest.signature()).isEqualTo(Signature.OPENWHISK);
        assertThat(manifest.handler()).contains("a.run");
        assertThat(manifest.build()).isFalse();
        assertThat(manifest.scaling())
                .isEqualTo(new Scaling(
                        OptionalInt.of(3),
                        1,
                        OptionalInt.of(4),
                        Optional.of(Duration.ofSeconds(1)),
                        OptionalInt.of(7)));
        assertThat(manifest.nestedGbSeconds()).hasValue(5);
        assertThat(manifest.secrets()).containsExactly("B");
        assertThat(manifest.egress()).hasToString("[api.example.com, *.example.org:8443]");
        assertThat(manifest.grants().service()).isTrue();
        assertThat(parse(manifest.toJson().encode().replace('"', '\''))).isEqualTo(manifest);
    }

    @Test
    void anHttpFunctionHasAUrlAndNoFile() {
        var manifest = parse("{'runtime':'http','url':'https://example.com:8443/in'}");
        assertThat(manifest.url()).contains(URI.create("https://example.com:8443/in"));
        assertThat(manifest.entrypoint()).isEmpty();
        assertThat(manifest.signature()).isEqualTo(Signature.BASALT);
        assertThat(FunctionManifest.parse(manifest.toJson())).isEqualTo(manifest);
    }

    @Test
    void runtimesOfProcessesAreCalledAsLambdas() {
        for (var runtime : new String[] {"nodejs", "python", "java", "provided"}) {
            assertThat(parse("{'runtime':'" + runtime + "'}").signature()).isEqualTo(Signature.LAMBDA);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'timeoutMs':150000}",
                "{'runtime':'python','memoryMb':4096}",
                "{'minInstances':2,'maxInstances':2}",
                "{'concurrency':1000}",
                "{'queue':0}",
                "{'egress':['a:65535']}",
                "{'egress':[]}",
                "{'timeoutMs':1}",
                "{'memoryMb':16}",
                "{'maxNestedGbSeconds':0}",
                "{'maxNestedGbSeconds':1000000}",
                "{'memoryMb':256}",
                "{'env':{'A_1':'x'}}",
                "{'public':true}"
            })
    void theEdgesOfEveryLimitAreIn(String json) {
        assertThat(parse(json)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'timeoutMs':150001}",
                "{'timeoutMs':0}",
                "{'timeoutMs':1.5}",
                "{'timeoutMs':'1'}",
                "{'memoryMb':15}",
                "{'maxNestedGbSeconds':-1}",
                "{'maxNestedGbSeconds':1000001}",
                "{'memoryMb':257}",
                "{'runtime':'php'}",
                "{'public':'yes'}",
                "{'env':{'A-1':'x'}}",
                "{'env':{'A':1}}",
                "{'env':[]}",
                "{'colour':'red'}",
                "{'name':'a b'}",
                "{'signature':'soap'}",
                "{'signature':1}",
                "{'handler':''}",
                "{'build':'no'}",
                "{'runtime':'python','memoryMb':4097}",
                "{'concurrency':0}",
                "{'concurrency':1001}",
                "{'minInstances':21}",
                "{'minInstances':3,'maxInstances':2}",
                "{'idleMs':3600001}",
                "{'queue':10001}",
                "{'secrets':'A'}",
                "{'secrets':['A-B']}",
                "{'secrets':['A','A']}",
                "{'secrets':['A'],'env':{'A':'x'}}",
                "{'egress':['*']}",
                "{'egress':['http://a']}",
                "{'egress':['a:0']}",
                "{'egress':['a:65536']}",
                "{'egress':['a.*.b']}",
                "{'egress':['a','A']}",
                "{'egress':['[::1]']}",
                "{'grants':true}",
                "{'grants':{'root':true}}",
                "{'grants':{'service':1}}",
                "{'url':'https://a'}",
                "{'runtime':'http'}",
                "{'runtime':'http','url':'https://a','minInstances':1}",
                "{'runtime':'http','url':'https://a','entrypoint':'a.js'}",
                "{'runtime':'http','url':'ftp://a'}",
                "{'runtime':'http','url':'/a'}",
                "{'runtime':'http','url':'https://u:p@a'}",
                "{'runtime':'http','url':'https://a?b=c'}",
                "{'runtime':'http','url':'https://a b'}",
                "{'triggers':{}}",
                "{'triggers':[1]}",
                "{'triggers':[{}]}",
                "{'triggers':[{'table':'t','when':'before','events':[]}]}",
                "{'triggers':[{'table':'t','when':'before','events':['truncate']}]}",
                "{'triggers':[{'table':'t','when':'during','events':['insert']}]}",
                "{'triggers':[{'table':'a.b.c','when':'before','events':['insert']}]}",
                "{'triggers':[{'table':'t','when':'before','events':['insert'],'timeoutMs':10001}]}",
                "{'triggers':[{'table':'t','when':'before','events':['insert'],'order':1001}]}",
                "{'triggers':[{'table':'t','when':'before','events':['insert'],'order':-1001}]}",
                "{'triggers':[{'table':'t','when':'before','events':['insert'],'order':'first'}]}",
                "{'triggers':[{'table':'t','when':'after','events':['insert'],'order':1}]}",
                "{'triggers':[{'on':'buckets','when':'before','events':['insert']}]}",
                "{'triggers':[{'on':'users','when':'after','events':['insert']}]}",
                "{'triggers':[{'on':'users','table':'auth.users','when':'before','events':['insert']}]}",
                "{'triggers':[{'table':'t','when':'before','events':['insert'],'onFailure':'shrug'}]}"
            })
    void whatIsBeyondIsRefusedByName(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.error()).isEqualTo(FunctionError.INVALID_MANIFEST));
    }

    @Test
    void namesArePathSegments() {
        assertThat(FunctionManifest.isName("a")).isTrue();
        assertThat(FunctionManifest.isName("A-b_9")).isTrue();
        assertThat(FunctionManifest.isName("a".repeat(63))).isTrue();
        for (var bad : new String[] {"", "-a", "_a", "a.b", "a/b", "a b", "a\n", "a".repeat(64)}) {
            assertThat(FunctionManifest.isName(bad)).as(bad).isFalse();
        }
    }
}
