package dev.basalt.sdk.data;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * A value that an earlier request of a {@link Batch} will have returned. It stands for a value in the rows and arguments of later
 * requests, and for the whole value of a filter, or one element of its list. Immutable.
 */
@JsonSerialize(using = Ref.Writer.class)
public final class Ref {
    /** Nobody else knows it, so no value that a caller has from elsewhere is taken for a reference. */
    private static final String SECRET = "ref-" + UUID.randomUUID();

    private static final Pattern TOKEN = Pattern.compile(Pattern.quote(SECRET) + "-(\\d+)-(\\d+)-");
    private static final Pattern IN_QUERY = Pattern.compile("[\\p{L}\\p{N}_$ -]+");

    private final long batch;
    private final int number;
    private final int request;
    private final List<Object> steps;

    /**
     * @param batch which one
     * @param number of the references of the batch
     * @param request which one's answer
     * @param steps into its body: names and positions
     */
    Ref(long batch, int number, int request, List<Object> steps) {
        this.batch = batch;
        this.number = number;
        this.request = request;
        this.steps = steps;
    }

    /** What stands for it until the batch is sent. */
    String token() {
        return SECRET + "-" + batch + "-" + number + "-";
    }

    /** The tokens in a text; the groups are a batch and the number of a reference of it. */
    static Pattern tokens() {
        return TOKEN;
    }

    /** Whether a text holds a token. */
    static boolean isIn(String text) {
        return text.contains(SECRET);
    }

    /** As it stands in a body: a JSON pointer (RFC 6901) into the list of answers. */
    String pointer() {
        var pointer = new StringBuilder("#/").append(request).append("/body");
        for (Object step : steps) {
            pointer.append('/').append(step.toString().replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    /** As it stands in a query. */
    String inQuery() {
        var path = new StringBuilder("${").append(request).append(".body");
        for (Object step : steps) {
            if (step instanceof Integer) path.append('[').append(step).append(']');
            else if (IN_QUERY.matcher(step.toString()).matches())
                path.append('.').append(step);
            else throw new IllegalArgumentException("a filter can't refer to a member of this name: " + step);
        }
        return path.append('}').toString();
    }

    @Override
    public String toString() {
        return pointer();
    }

    /** Writes a reference where the writer collects them, and nowhere else. */
    static final class Writer extends StdSerializer<Ref> {
        private static final long serialVersionUID = 1;

        Writer() {
            super(Ref.class);
        }

        @Override
        public void serialize(Ref ref, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (!(provider.getAttribute(Ref.class) instanceof AtomicBoolean met)) {
                throw JsonMappingException.from(
                        json, "a reference to a batch's answer has a meaning in that batch alone");
            }
            met.set(true);
            json.writeStartObject();
            json.writeStringField(Batch.REF, ref.token());
            json.writeEndObject();
        }
    }
}
