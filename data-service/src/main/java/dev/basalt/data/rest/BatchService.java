package dev.basalt.data.rest;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs the requests of a batch one after the other in one transaction, all or none. Safe for use by any thread. */
@ApplicationScoped
class BatchService {
    /** The member of an error that says which request failed, from 0. */
    static final String INDEX = "index";

    private final RestExecutor executor;
    private final RestCalls calls;
    private final Instance<EventSink> events;
    private final long maxBytes;

    @Inject
    BatchService(RestExecutor executor, RestCalls calls, Instance<EventSink> events, RestConfig config) {
        this.executor = executor;
        this.calls = calls;
        this.events = events;
        this.maxBytes = config.maxBatchBytes().asLongValue();
    }

    /**
     * The answers, {@code {"responses":[{status, headers, body}…]}}. Fails as the first request that fails would alone, with its
     * index; without one when it is the commit that fails.
     *
     * @param abandoned completes when the client is gone: the transaction is rolled back
     */
    Future<Buffer> run(RequestContext context, BatchRequest batch, Future<Void> abandoned) {
        return executor.batch(context, batch.isolation(), abandoned, session -> run(context, session, batch, abandoned))
                .onSuccess(_ -> nudge(context));
    }

    private Future<Buffer> run(
            RequestContext context, SqlConnection session, BatchRequest batch, Future<Void> abandoned) {
        var answers = new ArrayList<BatchAnswer>(batch.parts().size());
        var references = new BatchReferences(answers);
        Future<Long> size = Future.succeededFuture(0L);
        for (int i = 0; i < batch.parts().size(); i++) {
            var part = batch.parts().get(i);
            int index = i;
            size = size.compose(sum -> answer(context, session, part, references, abandoned)
                    .map(reply -> {
                        var answer = BatchAnswer.of(reply);
                        answers.add(answer);
                        return within(sum + answer.size());
                    })
                    .recover(failure -> Future.failedFuture(
                            failure instanceof ApiException refused ? refused.with(INDEX, index) : failure)));
        }
        return size.map(_ -> {
            var all = Buffer.buffer("{\"responses\":[");
            for (int i = 0; i < answers.size(); i++) {
                all.appendString(i == 0 ? "" : ",");
                answers.get(i).writeTo(all);
            }
            return all.appendString("]}");
        });
    }

    private long within(long bytes) {
        if (bytes > maxBytes) {
            throw BatchRequest.invalid("The answers are larger than " + maxBytes
                    + " bytes (basalt.data.rest.max-batch-bytes). Ask for fewer rows or columns.");
        }
        return bytes;
    }

    private Future<Reply> answer(
            RequestContext context,
            SqlConnection session,
            BatchRequest.Part part,
            BatchReferences references,
            Future<Void> abandoned) {
        try {
            var query = references.query(part.query() == null ? "" : part.query());
            var type = part.headers().get(HttpHeaders.CONTENT_TYPE);
            var contentType = type == null
                    ? "application/json"
                    : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            var body = body(references.resolved(part.body()), contentType);
            var call = new RestCall(
                    context.part(context.info().part(part.method().name(), part.path(), part.headers())),
                    part.method(),
                    part.name(),
                    query.text(),
                    part.headers(),
                    contentType,
                    () -> Future.succeededFuture(body),
                    query.values(),
                    session,
                    abandoned);
            query.requireValues(part.function() && call.reads());
            return part.function() ? calls.function(call) : calls.table(call);
        } catch (ApiException refused) {
            return Future.failedFuture(refused);
        }
    }

    /** A body of another type than JSON is a string. */
    private static Buffer body(@Nullable Object body, String contentType) {
        if (body == null) {
            return Buffer.buffer();
        }
        boolean json = contentType.equals("application/json") || contentType.endsWith("+json");
        return Buffer.buffer(!json && body instanceof String text ? text : ExactJson.text(body));
    }

    private void nudge(RequestContext context) {
        var project = context.project();
        if (events.isResolvable()
                && project.triggers().stream().anyMatch(trigger -> trigger.moment() == Moment.AFTER)) {
            events.get().nudge(project);
        }
    }
}
