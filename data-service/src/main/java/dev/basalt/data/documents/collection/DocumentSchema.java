package dev.basalt.data.documents.collection;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.PathType;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * A JSON Schema (draft 2020-12) that documents must match; {@code format} asserts. References lead within the schema alone.
 *
 * <p>Checks run on worker threads, because a schema's regular expressions may take their time. Safe for use by any thread.
 */
public final class DocumentSchema {
    /** So many violations are told; there may be more. */
    private static final int MAX_TOLD = 20;

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaCacheEnabled(false)
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .formatAssertionsEnabled(true)
                            .build()));

    private final Schema schema;

    private DocumentSchema(Schema schema) {
        this.schema = schema;
    }

    /** Reads a schema; blocks. {@link DocumentError#INVALID_REQUEST} says what is wrong with it. */
    static DocumentSchema compile(String text) {
        try {
            var meta = REGISTRY.getSchema(com.networknt.schema.SchemaLocation.of(
                    Dialects.getDraft202012().getId()));
            var errors = meta.validate(text, InputFormat.JSON);
            if (!errors.isEmpty()) {
                throw refused("at '" + errors.getFirst().getInstanceLocation() + "' of 'schema': "
                        + errors.getFirst().getMessage());
            }
            var schema = REGISTRY.getSchema(text, InputFormat.JSON);
            schema.initializeValidators();
            return new DocumentSchema(schema);
        } catch (SchemaException | java.util.regex.PatternSyntaxException unusable) {
            throw refused("'schema' can't be used: " + unusable.getMessage());
        }
    }

    /** Fails with {@link DocumentError#SCHEMA_VIOLATION} and the {@code violations} if the document does not match. */
    public Future<Void> check(Vertx vertx, String document) {
        return Blocking.call(vertx, () -> schema.validate(document, InputFormat.JSON))
                .compose(
                        errors -> errors.isEmpty() ? Future.succeededFuture() : Future.failedFuture(violation(errors)));
    }

    private static ApiException violation(List<Error> errors) {
        var told = errors.stream()
                .limit(MAX_TOLD)
                .map(error -> new io.vertx.core.json.JsonObject()
                        .put("pointer", error.getInstanceLocation().toString())
                        .put("keyword", error.getKeyword())
                        .put("message", error.getMessage()))
                .toList();
        return ApiException.of(
                        DocumentError.SCHEMA_VIOLATION,
                        "at '" + errors.getFirst().getInstanceLocation() + "': "
                                + errors.getFirst().getMessage())
                .with("violations", new io.vertx.core.json.JsonArray(told));
    }

    private static ApiException refused(String detail) {
        return ApiException.of(DocumentError.INVALID_REQUEST, detail);
    }
}
