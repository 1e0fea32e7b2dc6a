package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** A name that the database does not know, or not for this caller; the hint says which one is alike. */
public abstract sealed class UnknownName extends DataException {
    UnknownName(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    /** No such table or view. */
    public static final class UnknownTable extends UnknownName {
        UnknownTable(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** No such column. */
    public static final class UnknownColumn extends UnknownName {
        UnknownColumn(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** No such function, or none with these arguments. */
    public static final class UnknownFunction extends UnknownName {
        UnknownFunction(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** No foreign key or computed relationship between two tables. */
    public static final class UnknownRelation extends UnknownName {
        UnknownRelation(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** No such schema among the exposed ones. */
    public static final class UnknownSchema extends UnknownName {
        UnknownSchema(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }
}
