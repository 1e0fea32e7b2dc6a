package dev.basalt.control.migration;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/**
 * Pushes files in order: first all are judged by what is applied, then the new ones are applied one by one, and each is judged
 * again under its lock, because another push may have come first. Safe for use by any thread.
 */
@ApplicationScoped
class MigrationService {
    private final MigrationStore store;

    @Inject
    MigrationService(MigrationStore store) {
        this.store = store;
    }

    Future<List<AppliedMigration>> applied(RequestContext context) {
        return store.applied(context);
    }

    /**
     * Applies what is new, and says so: {@code {applied: [name…], unchanged: n}}. A failure carries {@code applied} too.
     *
     * @param abandoned completes when the client is gone: the file that is being applied is rolled back, and no other follows
     */
    Future<JsonObject> push(RequestContext context, Push push, Future<Void> abandoned) {
        return store.applied(context).compose(known -> {
            var fresh = new ArrayList<Migration>();
            for (var migration : push.migrations()) {
                var fromItsVersionOn = known.stream()
                        .filter(applied -> applied.version().compareTo(migration.version()) >= 0)
                        .toList();
                if (isNew(push, migration, fromItsVersionOn)) {
                    fresh.add(migration);
                }
            }
            var done = new JsonArray();
            Future<?> last = Future.succeededFuture();
            for (var migration : fresh) {
                last = last.compose(_ -> store.apply(
                                context, abandoned, migration, (file, applied) -> isNew(push, file, applied)))
                        .onSuccess(now -> {
                            if (now) {
                                done.add(migration.name());
                            }
                        });
            }
            return last.map(_ -> new JsonObject()
                            .put("applied", done)
                            .put("unchanged", push.migrations().size() - done.size()))
                    .recover(failure -> Future.failedFuture(
                            failure instanceof ApiException refused && !done.isEmpty()
                                    ? refused.with("applied", done)
                                    : failure));
        });
    }

    private static boolean isNew(Push push, Migration migration, List<AppliedMigration> fromItsVersionOn) {
        if (fromItsVersionOn.isEmpty()) {
            return true;
        }
        var first = fromItsVersionOn.getFirst();
        if (first.version().compareTo(migration.version()) == 0) {
            if (!first.checksum().equals(migration.checksum())) {
                throw ApiException.of(
                                MigrationError.EDITED,
                                migration.name() + " is not what was applied at " + first.appliedAt()
                                        + ": write a new file instead of changing an applied one")
                        .with("migration", migration.name());
            }
            return false;
        }
        if (!push.includeAll()) {
            throw ApiException.of(
                            MigrationError.OUT_OF_ORDER,
                            migration.name() + " comes before "
                                    + fromItsVersionOn.getLast().name()
                                    + ", which is applied: give it a later number, or push with includeAll")
                    .with("migration", migration.name());
        }
        return true;
    }
}
