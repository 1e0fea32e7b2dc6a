package dev.basalt.sdk.functions;

import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Json;
import java.util.Optional;

/** What a function answered with a status of 200 to 299. Immutable, but for the bytes, which are not copied. */
public final class FunctionAnswer {
    private final Answer answer;

    FunctionAnswer(Answer answer) {
        this.answer = answer;
    }

    public int status() {
        return answer.status();
    }

    public Optional<String> header(String name) {
        return answer.header(name);
    }

    public byte[] bytes() {
        return answer.body();
    }

    public String text() {
        return answer.text();
    }

    /** The body read from JSON. */
    public <T> T as(Class<T> type) {
        return Json.read(answer, type);
    }
}
