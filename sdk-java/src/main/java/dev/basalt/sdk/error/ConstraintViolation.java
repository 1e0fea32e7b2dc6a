package dev.basalt.sdk.error;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A row would break a constraint of its table. Nothing was written. */
public abstract sealed class ConstraintViolation extends DataException {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

    ConstraintViolation(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    /** The constraint's name, as far as the message tells it; a column that must not be NULL has none. */
    public Optional<String> constraint() {
        Optional<String> told = failure().text("constraint");
        if (told.isPresent()) return told;
        List<String> names = names();
        // Where there are several, the first is the table's.
        return names.isEmpty() ? Optional.empty() : Optional.of(names.get(Math.min(1, names.size() - 1)));
    }

    /** The names in double quotes, which are there in a message of any language. */
    final List<String> names() {
        return QUOTED.matcher(failure().message())
                .results()
                .map(name -> name.group(1))
                .toList();
    }

    /** A value that has to be unique is there already. */
    public static final class UniqueViolation extends ConstraintViolation {
        UniqueViolation(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** A row refers to one that is not there, or is referred to. */
    public static final class ForeignKeyViolation extends ConstraintViolation {
        ForeignKeyViolation(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** A column that needs a value has none. */
    public static final class NotNullViolation extends ConstraintViolation {
        NotNullViolation(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }

        /** The column's name, as far as the message tells it. */
        public Optional<String> column() {
            return names().stream().findFirst();
        }

        @Override
        public Optional<String> constraint() {
            return Optional.empty();
        }
    }

    /** A condition on the row does not hold. */
    public static final class CheckViolation extends ConstraintViolation {
        CheckViolation(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** A row overlaps with another. */
    public static final class ExclusionViolation extends ConstraintViolation {
        ExclusionViolation(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }
}
