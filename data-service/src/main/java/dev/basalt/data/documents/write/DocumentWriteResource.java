package dev.basalt.data.documents.write;

import dev.basalt.data.documents.CollectionPath;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentPath;
import dev.basalt.data.documents.Locations;
import dev.basalt.data.documents.Path;
import dev.basalt.data.documents.Preconditions;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.documents.write.Write.Must;
import dev.basalt.data.documents.write.Write.Op;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code PUT|PATCH|DELETE /documents/v1/{collection}/{id}…} and {@code POST /documents/v1/{collection}}.
 *
 * <p>Of several errors the first of these wins: the path, the precondition's syntax, the body, the collection, rules and
 * precondition. A document that the caller may not see is as good as absent.
 */
@ApplicationScoped
class DocumentWriteResource implements ApiResource {
    private static final CharSequence PREFER = HttpHeaders.createOptimized("prefer");
    private static final CharSequence IF_MATCH = HttpHeaders.IF_MATCH;
    private final WriteService service;

    @Inject
    DocumentWriteResource(WriteService service) {
        this.service = service;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/documents/v1", new ProblemDetails())
                .withBodyLimit(StrictJson.MAX_BYTES + 1)
                .post("/*", "documents.create", Access.KEY, this::create)
                .put("/*", "documents.set", Access.KEY, this::put)
                .patch("/*", "documents.patch", Access.KEY, this::patch)
                .delete("/*", "documents.delete", Access.KEY, this::delete);
    }

    private Future<Reply> create(Exchange exchange) {
        if (!(path(exchange) instanceof CollectionPath collection)) {
            throw ApiException.of(KitError.METHOD_NOT_ALLOWED, "A document is written by PUT, PATCH or DELETE");
        }
        requireJson(exchange);
        var path = Path.document(collection, DocumentIds.next());
        return exchange.body()
                .map(body -> new Write(
                        Write.ALONE,
                        Op.SET,
                        path,
                        StrictJson.document(body),
                        null,
                        Must.ABSENT,
                        List.of(),
                        DocumentError.ALREADY_EXISTS))
                .compose(write -> answer(exchange, write));
    }

    private Future<Reply> put(Exchange exchange) {
        var path = document(exchange);
        var precondition = Precondition.of(exchange, DocumentError.PRECONDITION_FAILED, Must.ANY);
        requireJson(exchange);
        return exchange.body()
                .map(body -> precondition.write(Op.SET, path, StrictJson.document(body)))
                .compose(write -> answer(exchange, write));
    }

    private Future<Reply> patch(Exchange exchange) {
        var path = document(exchange);
        var precondition = Precondition.of(exchange, DocumentError.DOCUMENT_NOT_FOUND, Must.PRESENT);
        var op = switch (exchange.contentType()) {
            case "application/merge-patch+json", "application/json" -> Op.MERGE;
            case "application/json-patch+json" -> Op.PATCH;
            default -> throw ApiException.of(KitError.UNSUPPORTED_MEDIA_TYPE);
        };
        return exchange.body()
                .map(body -> precondition.write(
                        op, path, op == Op.MERGE ? StrictJson.document(body) : JsonPatches.read(body)))
                .compose(write -> answer(exchange, write));
    }

    private Future<Reply> delete(Exchange exchange) {
        var write = Precondition.of(exchange, DocumentError.DOCUMENT_NOT_FOUND, Must.PRESENT)
                .write(Op.DELETE, document(exchange), null);
        return service.write(exchange.context(), write, false).map(_ -> Reply.empty(204));
    }

    private Future<Reply> answer(Exchange exchange, Write write) {
        var minimal = "return=minimal".equals(exchange.header(PREFER));
        return service.write(exchange.context(), write, !minimal).map(written -> {
            boolean made = written.operation() == Operation.INSERT;
            var envelope = written.envelope();
            var reply = envelope == null || minimal
                    ? Reply.empty(made ? 201 : 204)
                    : Reply.json(made ? 201 : 200, Buffer.buffer(envelope));
            reply = reply.with(HttpHeaders.ETAG, Preconditions.etag(written.version()));
            return made ? reply.with(HttpHeaders.LOCATION, Locations.of(write.path())) : reply;
        });
    }

    /** What the request's headers ask for. */
    private record Precondition(Must must, List<Long> versions, DocumentError otherwise) {
        /** What {@code If-Match} and {@code If-None-Match: *} say; without them {@code must}, and else {@code otherwise}. */
        static Precondition of(Exchange exchange, DocumentError otherwise, Must must) {
            var match = exchange.header(IF_MATCH);
            if (match != null) {
                return new Precondition(
                        Must.PRESENT, Preconditions.versions(match, true), DocumentError.PRECONDITION_FAILED);
            }
            var none = exchange.header(HttpHeaders.IF_NONE_MATCH);
            if (none != null) {
                if (!none.strip().equals("*")) {
                    throw ApiException.of(
                            DocumentError.INVALID_PRECONDITION, "If-None-Match of a write is * and nothing else");
                }
                return new Precondition(Must.ABSENT, List.of(), DocumentError.PRECONDITION_FAILED);
            }
            return new Precondition(must, List.of(), otherwise);
        }

        Write write(Op op, DocumentPath path, @Nullable String data) {
            return new Write(Write.ALONE, op, path, data, null, must, versions, otherwise);
        }
    }

    private static Path path(Exchange exchange) {
        return Locations.path(exchange);
    }

    private static DocumentPath document(Exchange exchange) {
        if (path(exchange) instanceof DocumentPath document) {
            return document;
        }
        throw ApiException.of(
                KitError.METHOD_NOT_ALLOWED, "A collection takes GET and POST; a document is collection/id");
    }

    private static void requireJson(Exchange exchange) {
        if (!exchange.contentType().equals("application/json")) {
            throw ApiException.of(KitError.UNSUPPORTED_MEDIA_TYPE);
        }
    }
}
