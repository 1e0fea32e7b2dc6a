package dev.basalt.data.query;

import java.util.List;

/**
 * The parsed query string of a call.
 *
 * @param query what is asked of the function's result
 * @param arguments what is not a filter: the function's arguments in their order, perhaps with names that repeat
 */
public record ParsedCall(ParsedQuery query, List<QueryString.Parameter> arguments) {
    public ParsedCall {
        arguments = List.copyOf(arguments);
    }
}
