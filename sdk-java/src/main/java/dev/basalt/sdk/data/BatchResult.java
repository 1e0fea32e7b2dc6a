package dev.basalt.sdk.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Json;
import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the requests of a batch resulted in, after all of it was committed. Immutable. */
public final class BatchResult {
    private final Batch batch;
    private final List<Answer> answers;

    private BatchResult(Batch batch, List<Answer> answers) {
        this.batch = batch;
        this.answers = answers;
    }

    static BatchResult of(Batch batch, int requests, Answer whole) {
        JsonNode responses = Json.readTree(whole).path("responses");
        if (responses.size() != requests) {
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER,
                    "The answer does not hold one for each request",
                    whole.requestId(),
                    null);
        }
        return new BatchResult(
                batch, responses.valueStream().map(one -> answer(one, whole)).toList());
    }

    private static Answer answer(JsonNode one, Answer whole) {
        var headers = new HashMap<String, List<String>>();
        for (Map.Entry<String, JsonNode> header : one.path("headers").properties()) {
            headers.put(header.getKey(), List.of(header.getValue().asText()));
        }
        return new Answer(
                one.path("status").asInt(),
                HttpHeaders.of(headers, (name, value) -> true),
                Json.write(one.path("body")),
                whole.requestId());
    }

    /**
     * What a request resulted in.
     *
     * @throws IllegalArgumentException if it is one of another batch
     */
    public <T> T get(Step<T> step) {
        if (step.batch() != batch) throw new IllegalArgumentException("the step is one of another batch");
        return step.read(answers.get(step.index()));
    }
}
