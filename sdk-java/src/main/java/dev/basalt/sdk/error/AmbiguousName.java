package dev.basalt.sdk.error;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A name that stands for several things. */
public abstract sealed class AmbiguousName extends DataException {
    AmbiguousName(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    /** Several relationships lead to an embedded relation; a hint in the query tells them apart. */
    public static final class AmbiguousRelation extends AmbiguousName {
        private static final JsonMapper MAPPER = JsonMapper.builder().build();

        AmbiguousRelation(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }

        /**
         * One of the relationships.
         *
         * @param cardinality for example {@code many-to-one}
         * @param embedding the two tables: {@code books with authors}
         * @param relationship the foreign key or join table with its columns
         */
        public record Candidate(String cardinality, String embedding, String relationship) {}

        /** The relationships to choose from, as far as the details tell them. */
        public List<Candidate> candidates() {
            return details().flatMap(AmbiguousRelation::parse).stream()
                    .flatMap(JsonNode::valueStream)
                    .map(one -> new Candidate(
                            one.path("cardinality").asText(),
                            one.path("embedding").asText(),
                            one.path("relationship").asText()))
                    .toList();
        }

        private static Optional<JsonNode> parse(String details) {
            try {
                return Optional.of(MAPPER.readTree(details)).filter(JsonNode::isArray);
            } catch (JacksonException notJson) {
                return Optional.empty();
            }
        }
    }

    /** Several functions of the name could take the arguments. */
    public static final class AmbiguousFunction extends AmbiguousName {
        AmbiguousFunction(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }
}
