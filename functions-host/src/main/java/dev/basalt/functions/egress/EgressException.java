package dev.basalt.functions.egress;

/** Why a request came to nothing, in words that the function may see: they tell nothing of the host's own network. */
public final class EgressException extends Exception {
    EgressException(String message) {
        super(message, null, false, false);
    }
}
