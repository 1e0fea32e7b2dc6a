package dev.basalt.data.body;

import dev.basalt.data.plan.Payload;
import dev.basalt.data.query.QueryString;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Form-encoded bodies. Stateless. */
public final class FormBody {
    private FormBody() {}

    /** The fields in their order. */
    public static List<QueryString.Parameter> fields(String text) {
        return QueryString.decode(text);
    }

    /** One row of texts; of a field that stands twice the last counts. */
    static RowsBody row(String text) {
        var row = new JsonObject();
        fields(text).forEach(field -> row.put(field.name(), field.value()));
        return new RowsBody(new Payload(false, List.copyOf(row.fieldNames())), row.encode());
    }
}
