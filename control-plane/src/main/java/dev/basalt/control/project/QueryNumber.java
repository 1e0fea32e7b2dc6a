package dev.basalt.control.project;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Exchange;

/** A number among the query parameters of the platform API. Stateless. */
public final class QueryNumber {
    private QueryNumber() {}

    /**
     * The parameter's value, or the fallback where it is not given.
     *
     * @throws ApiException {@link PlatformError#INVALID_FIELD} for anything but a number from 0 to {@code max}
     */
    public static int of(Exchange exchange, String name, int fallback, int max) {
        var text = exchange.query(name);
        if (text == null) {
            return fallback;
        }
        try {
            var number = Integer.parseInt(text);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below like a number out of range.
        }
        throw ApiException.of(PlatformError.INVALID_FIELD, name + " must be a number from 0 to " + max);
    }
}
