package dev.basalt.data.rules;

import dev.basalt.data.rules.RuleDatabase.Caller;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a rule says when CEL's own interpreter runs it. */
final class RuleOracle {
    private static final CelRuntime RUNTIME = runtime();

    private final CelRuntime.Program program;

    private RuleOracle(CelRuntime.Program program) {
        this.program = program;
    }

    /** @throws InexpressibleException if the rule is no CEL */
    static RuleOracle of(RuleOperation operation, String rule) {
        try {
            return new RuleOracle(RUNTIME.createProgram(new RuleLanguage(operation).check(rule)));
        } catch (CelEvaluationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * True, false, or null for an error.
     *
     * @param stored the row that is there, null for none
     * @param written the row that is to be, null for none
     */
    @Nullable
    Boolean says(Caller caller, Instant time, @Nullable JsonObject stored, @Nullable JsonObject written) {
        var variables = new HashMap<String, Object>();
        variables.put("auth", caller.uid() == null ? NullValue.NULL_VALUE : auth(caller));
        if (stored != null) {
            variables.put("resource", document(stored));
        }
        var request = written == null ? new HashMap<String, Object>() : document(written);
        request.put("time", time);
        variables.put("request", request);
        try {
            return program.eval(variables) instanceof Boolean value ? value : null;
        } catch (CelEvaluationException error) {
            return null;
        }
    }

    private static Map<String, Object> auth(Caller caller) {
        var auth = new HashMap<String, Object>();
        auth.put("uid", caller.uid());
        auth.put("role", caller.claims().getString("role"));
        if (!caller.claims().getString("email").isEmpty()) {
            auth.put("email", caller.claims().getString("email"));
        }
        auth.put("claims", value(caller.claims()));
        return auth;
    }

    private static Map<String, Object> document(JsonObject row) {
        var document = new HashMap<String, Object>();
        for (var column : List.of("parent", "id", "data", "version", "owner")) {
            document.put(column, value(row.getValue(column)));
        }
        for (var column : List.of("created_at", "updated_at")) {
            document.put(column, OffsetDateTime.parse(row.getString(column)).toInstant());
        }
        return document;
    }

    /** JSON as a rule sees it: a number without fraction digits is an int if it is one of 64 bits, any other a double. */
    private static Object value(@Nullable Object json) {
        return switch (json) {
            case null -> NullValue.NULL_VALUE;
            case JsonObject object -> {
                var map = new HashMap<String, Object>();
                object.forEach(member -> map.put(member.getKey(), value(member.getValue())));
                yield map;
            }
            case JsonArray array -> {
                var list = new ArrayList<Object>();
                array.forEach(element -> list.add(value(element)));
                yield list;
            }
            case Number number -> {
                var decimal = new BigDecimal(number.toString());
                yield decimal.scale() <= 0 && decimal.toBigInteger().bitLength() < Long.SIZE
                        ? (Object) decimal.longValueExact()
                        : (Object) decimal.doubleValue();
            }
            default -> json;
        };
    }

    private static CelRuntime runtime() {
        var builder = CelRuntimeFactory.legacyCelRuntimeBuilder().setOptions(RuleLanguage.OPTIONS);
        for (var operator : List.of("_+_", "_-_", "_*_", "_/_")) {
            builder.addFunctionBindings(
                    CelFunctionBinding.from(
                            operator + "_int_double",
                            Long.class,
                            Double.class,
                            (x, y) -> calculate(operator, x.doubleValue(), y)),
                    CelFunctionBinding.from(
                            operator + "_double_int",
                            Double.class,
                            Long.class,
                            (x, y) -> calculate(operator, x, y.doubleValue())));
        }
        return builder.build();
    }

    private static double calculate(String operator, double x, double y) {
        return switch (operator) {
            case "_+_" -> x + y;
            case "_-_" -> x - y;
            case "_*_" -> x * y;
            default -> x / y;
        };
    }
}
