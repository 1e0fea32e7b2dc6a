package dev.basalt.kit.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'timeoutMs':150000}",
                "{'timeoutMs':1}",
                "{'memoryMb':16}",
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
                "{'memoryMb':257}",
                "{'runtime':'php'}",
                "{'public':'yes'}",
                "{'env':{'A-1':'x'}}",
                "{'env':{'A':1}}",
                "{'env':[]}",
                "{'colour':'red'}",
                "{'triggers':{}}",
                "{'triggers':[1]}",
                "{'triggers':[{}]}",
                "{'triggers':[{'table':'t','when':'before','events':[]}]}",
                "{'triggers':[{'table':'t','when':'before','events':['truncate']}]}",
                "{'triggers':[{'table':'t','when':'during','events':['insert']}]}",
                "{'triggers':[{'table':'a.b.c','when':'before','events':['insert']}]}",
                "{'triggers':[{'table':'t','when':'before','events':['insert'],'timeoutMs':10001}]}",
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
