package dev.basalt.data.rest;

import dev.basalt.data.body.BodyText;
import dev.basalt.data.body.BodyType;
import dev.basalt.data.body.FormBody;
import dev.basalt.data.body.JsonMembers;
import dev.basalt.data.body.RowsBody;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Passing;
import dev.basalt.data.query.QueryParser;
import dev.basalt.data.schema.SchemaConfig;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Answers requests on tables and functions, alone or as parts of a batch. Safe for use by any thread. */
@ApplicationScoped
class RestCalls {
    private final RestExecutor executor;
    private final RestService tables;
    private final RpcService functions;
    private final List<String> exposed;

    @Inject
    RestCalls(RestExecutor executor, RestService tables, RpcService functions, SchemaConfig schemas) {
        this.executor = executor;
        this.tables = tables;
        this.functions = functions;
        this.exposed = schemas.exposed();
    }

    Future<Reply> table(RestCall call) {
        return switch (call.method().name()) {
            case "GET", "HEAD" -> answer(call, request -> tables.read(request, call.withBody()));
            case "DELETE" -> answer(call, tables::delete);
            case "POST" -> write(call, tables::insert);
            case "PATCH" -> write(call, tables::update);
            case "PUT" -> write(call, tables::put);
            default ->
                Future.failedFuture(Refusal.of(
                        RestError.UNSUPPORTED_METHOD,
                        "Unsupported HTTP method: " + call.method().name(),
                        null,
                        null));
        };
    }

    private Future<Reply> answer(RestCall call, Function<RestRequest, Future<Reply>> work) {
        return executor.answering(request(call)).compose(work);
    }

    private Future<Reply> write(RestCall call, BiFunction<RestRequest, RowsBody, Future<Reply>> work) {
        var request = request(call);
        var type = BodyType.of(call.contentType(), BodyType.OF_ROWS);
        boolean uniform = request.query().shape().columns() == null;
        var rows = call.body().get().map(body -> RowsBody.read(type, body, uniform));
        return executor.answering(request).compose(answered -> rows.compose(body -> work.apply(answered, body)));
    }

    private RestRequest request(RestCall call) {
        return RestRequest.of(call, QueryParser.parse(call.query()), exposed);
    }

    Future<Reply> function(RestCall call) {
        return switch (call.method().name()) {
            case "GET", "HEAD" -> byQuery(call);
            case "POST" -> byBody(call);
            default ->
                Future.failedFuture(Refusal.of(
                        RestError.INVALID_CALL_METHOD,
                        "Cannot use the " + call.method().name() + " method on RPC",
                        null,
                        null));
        };
    }

    private Future<Reply> byQuery(RestCall call) {
        var parsed = QueryParser.parseCall(call.query());
        var request = RestRequest.of(call, parsed.query(), exposed);
        return functions.call(
                request, RpcService.Call.named(Passing.QUERY, call.bound(parsed.arguments())), call.withBody());
    }

    private Future<Reply> byBody(RestCall call) {
        var query = QueryParser.parse(call.query());
        var request = RestRequest.of(call, query, exposed);
        var type = BodyType.of(call.contentType(), BodyType.OF_ARGUMENTS);
        var columns = query.shape().columns();
        return call.body()
                .get()
                .map(body -> {
                    var arguments = arguments(type, body);
                    return columns == null ? arguments : arguments.only(Set.copyOf(columns));
                })
                .compose(arguments -> functions.call(request, arguments, true));
    }

    private static RpcService.Call arguments(BodyType type, Buffer body) {
        return switch (type) {
            case FORM -> RpcService.Call.named(Passing.FORM, FormBody.fields(BodyText.of(body)));
            case JSON -> {
                var text = body.length() == 0 ? "{}" : BodyText.of(body);
                yield RpcService.Call.body(Passing.JSON, JsonMembers.of(text), text);
            }
            case TEXT -> RpcService.Call.body(Passing.TEXT, Set.of(), BodyText.of(body));
            case XML -> RpcService.Call.body(Passing.XML, Set.of(), BodyText.of(body));
            case BINARY ->
                RpcService.Call.body(
                        Passing.BINARY, Set.of(), "\\x" + HexFormat.of().formatHex(body.getBytes()));
            case CSV -> throw new IllegalArgumentException("CSV holds no arguments");
        };
    }
}
