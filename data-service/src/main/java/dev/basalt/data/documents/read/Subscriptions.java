package dev.basalt.data.documents.read;

import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;

/** Queries whose answer goes on: a snapshot, and then what changes. Safe for use by any thread. */
public interface Subscriptions {
    /** The stream of events; fails as the query itself would. */
    Future<Reply> subscribe(Exchange exchange, DocumentQuery query);
}
