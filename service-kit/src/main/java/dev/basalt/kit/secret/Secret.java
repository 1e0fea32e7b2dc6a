package dev.basalt.kit.secret;

/** A value that never prints itself: its {@code toString} is fixed, so no log or error can hold it by accident. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "Secret[***]";
    }
}
