package dev.basalt.data.rules;

import dev.basalt.data.quoting.Quoted;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements that put a collection's rules in force, for the owner of its table. Stateless.
 *
 * <p>They are meant for one transaction and leave nothing of earlier rules. They turn row-level security on and grant
 * nothing: the roles' privileges are the table's. {@code service_role} passes by every policy.
 */
public final class CollectionPolicies {
    private static final String SCHEMA = "documents";
    private static final String ROLES = " TO anon, authenticated";
    private static final String CHANGE = "basalt_rule_change";

    private CollectionPolicies() {}

    /**
     * The statements, in order; each is one command without parameters.
     *
     * @param collection the collection's name, any text that PostgreSQL takes as a table's
     */
    public static List<String> statements(String collection, CompiledRules rules) {
        var table = Quoted.name(SCHEMA) + "." + Quoted.name(collection);
        var statements = new ArrayList<String>();
        // Names in the conditions are found where PostgreSQL has them, not in what the project has put before.
        statements.add("SET LOCAL search_path = ''");
        // That there was no rule to replace is nothing to tell.
        statements.add("SET LOCAL client_min_messages = warning");
        statements.add("ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY");
        replace(statements, table, "read", "SELECT", using(rules.read()));
        replace(statements, table, "create", "INSERT", check(rules.create()));
        var update = rules.update();
        replace(
                statements,
                table,
                "update",
                "UPDATE",
                update == null ? null : using(update.stored()) + check(update.written()));
        replace(statements, table, "delete", "DELETE", using(rules.delete()));
        change(statements, table, collection, update == null ? null : update.change());
        return List.copyOf(statements);
    }

    /** The statements that remove what a collection's rules leave once its table is dropped, for the same transaction. */
    public static List<String> afterDrop(String collection) {
        return List.of(
                "SET LOCAL client_min_messages = warning", "DROP FUNCTION IF EXISTS " + function(collection) + "()");
    }

    private static void replace(
            List<String> statements, String table, String rule, String command, @Nullable String conditions) {
        var policy = "basalt_rule_" + rule + " ON " + table;
        statements.add("DROP POLICY IF EXISTS " + policy);
        if (conditions != null) {
            statements.add("CREATE POLICY " + policy + " FOR " + command + ROLES + conditions);
        }
    }

    private static @Nullable String using(@Nullable String condition) {
        return condition == null ? null : " USING (" + condition + ")";
    }

    private static @Nullable String check(@Nullable String condition) {
        return condition == null ? null : " WITH CHECK (" + condition + ")";
    }

    /**
     * No policy sees a row's old and new values together; a trigger does. It runs after the update, so that it sees what is
     * written in the end, and for the same callers as the policies.
     */
    private static void change(List<String> statements, String table, String collection, @Nullable String condition) {
        var function = function(collection);
        statements.add("DROP TRIGGER IF EXISTS " + CHANGE + " ON " + table);
        statements.add("DROP FUNCTION IF EXISTS " + function + "()");
        if (condition == null) {
            return;
        }
        var body = """
                BEGIN
                  IF row_security_active(tg_relid) AND (%s) IS NOT TRUE THEN
                    RAISE EXCEPTION 'the update rule of collection %% refuses the change', tg_table_name
                      USING ERRCODE = 'insufficient_privilege';
                  END IF;
                  RETURN NULL;
                END""".formatted(condition);
        statements.add("CREATE FUNCTION " + function + "() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS "
                + Quoted.literal(body));
        statements.add("CREATE TRIGGER " + CHANGE + " AFTER UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION "
                + function + "()");
    }

    private static String function(String collection) {
        return Quoted.name(SCHEMA) + "." + Quoted.name(CHANGE + "_" + hash(collection));
    }

    private static String hash(String collection) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(collection.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
