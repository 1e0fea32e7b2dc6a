package dev.basalt.deploy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.basalt.deploy.SourceTree;
import dev.basalt.deploy.apart.Apart;
import dev.basalt.deploy.apart.GatewayRoutes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NginxTest {
    private static final String CONF = "deploy/gateway/nginx.conf";

    @TempDir
    Path directory;

    private static GatewayRoutes routes() throws IOException {
        return GatewayRoutes.read(SourceTree.root().resolve(CONF));
    }

    private static String knativeConf() throws IOException {
        return new YAMLMapper()
                .readTree(SourceTree.text("deploy/knative/gateway.yaml").split("(?m)^---$", 2)[0])
                .path("data")
                .path("nginx.conf")
                .asText();
    }

    @ParameterizedTest
    @CsvSource({
        "/auth/v1/token,auth",
        "/rest/v1/todos,data",
        "/sql/v1,data",
        "/documents/v1/notes/1,data",
        "/documents/v1:commit,data",
        "/realtime/v1/websocket,data",
        "/storage/v1/object/a/b.png,storage",
        "/storage/v1/upload/resumable,storage",
        "/functions/v1/hello/sub/path,functions",
        "/2015-03-31/functions/hello/invocations,functions",
        "/platform/v1/projects,control",
        "/platform/v1/projects/shop/collections,data",
        "/platform/v1/projects/shop/collections/notes?force=true,data",
        "/platform/v1/projects/shop/keys,control"
    })
    void everyApiLeadsToItsService(String path, String service) throws IOException {
        assertThat(routes().serviceOf(path)).contains(service);
    }

    @ParameterizedTest
    @CsvSource({
        "/q/health",
        "/q/metrics",
        "/",
        "/rest",
        "/2018-06-01/runtime/invocation/next",
        "/internal/v1/functions/hooks"
    })
    void healthMetricsAndTheWorkersApiAreNotRouted(String path) throws IOException {
        assertThat(routes().serviceOf(path)).isEmpty();
    }

    @Test
    void everyServiceIsRoutedTo() throws IOException {
        assertThat(routes().services()).containsExactlyInAnyOrderElementsOf(Apart.SERVICES);
    }

    @Test
    void theFrontOfKnativeLeadsWhereTheGatewayLeads() throws IOException {
        var found = Pattern.compile("location \\^~ (\\S+) \\{\\s*set \\$service ([a-z]+);")
                .matcher(knativeConf());
        var knative = new TreeMap<String, String>();
        while (found.find()) {
            knative.put(found.group(1), found.group(2));
        }
        var nested = Pattern.compile("location ~ (\\S+) \\{\\s*set \\$service ([a-z]+);")
                .matcher(knativeConf());
        while (nested.find()) {
            knative.put(nested.group(1), nested.group(2));
        }
        var gateway = new TreeMap<String, String>();
        routes().routes().forEach(route -> gateway.put(route.prefix(), route.service()));
        routes().patterns().forEach(route -> gateway.put(route.pattern().pattern(), route.service()));
        assertThat(knative).isEqualTo(gateway);
    }

    @Test
    void bodiesStreamTheHostStaysAndNoQueryIsLogged() {
        var conf = SourceTree.text(CONF);
        assertThat(conf)
                .contains("proxy_request_buffering off;")
                .contains("proxy_buffering off;")
                .contains("proxy_buffer_size 16k;")
                .contains("client_max_body_size 0;")
                .contains("proxy_set_header Host $http_host;")
                .contains("proxy_set_header X-Request-Id $basalt_request_id;")
                .contains("proxy_set_header X-Forwarded-For $remote_addr;");
        var log = conf.substring(conf.indexOf("log_format"), conf.indexOf("access_log"));
        assertThat(log)
                .contains("$uri")
                .doesNotContain("$request_uri")
                .doesNotContain("$args")
                .doesNotContain("$request\"")
                .doesNotContain("$http_referer");
    }

    @Test
    void nginxAcceptsTheGatewaysConfiguration() throws Exception {
        var ports = new HashMap<String, Integer>();
        Apart.SERVICES.forEach(service -> ports.put(service, 1));
        accepted(routes().onThisMachine(8000, ports, directory));
    }

    @Test
    void nginxAcceptsTheConfigurationForKnative() throws Exception {
        accepted(knativeConf()
                .replace("resolver kube-dns.kube-system.svc.cluster.local", "resolver 127.0.0.1")
                .replace("/tmp/", directory + "/"));
    }

    private void accepted(String conf) throws Exception {
        var nginx = Path.of("/usr/sbin/nginx");
        if (!Files.isExecutable(nginx)) {
            System.err.println("SKIPPED: nginx is not installed, so its configuration was not checked by itself");
        }
        assumeTrue(Files.isExecutable(nginx), "nginx is not installed");
        var file = Files.writeString(directory.resolve("nginx.conf"), conf);
        var process = new ProcessBuilder(
                        nginx.toString(), "-t", "-q", "-p", directory.toString(), "-c", file.toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).isEmpty();
    }
}
