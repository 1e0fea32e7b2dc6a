package dev.basalt.data.plan;

/** A piece of SQL that can be written where it is needed, and again where it is needed again. */
interface SqlPart {
    void write(SqlWriter sql);
}
