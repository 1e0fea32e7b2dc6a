package dev.basalt.data.plan;

import java.util.List;

/** How the arguments of a call reach its function, without their values. */
public sealed interface Arguments {
    /** Values by name, each of which is a text. */
    record Named(List<Argument> arguments) implements Arguments {
        public Named {
            arguments = List.copyOf(arguments);
        }
    }

    /** An argument; {@code value} is an index into the request's values. */
    record Argument(String name, int value) {}

    /** Members of the body, which is a JSON object. */
    record Members(List<String> names) implements Arguments {
        public Members {
            names = List.copyOf(names);
        }
    }

    /** The whole body as the single argument. */
    record Body() implements Arguments {}
}
