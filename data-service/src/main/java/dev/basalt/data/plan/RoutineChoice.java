package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.schema.Routine;
import dev.basalt.data.schema.Routine.Parameter;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.Similarity;
import dev.basalt.kit.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The function that a call means, among those of its name.
 *
 * @param overload its place in {@link SchemaCache#routines}
 * @param wholeBody whether the body is its single argument
 */
public record RoutineChoice(Routine routine, int overload, boolean wholeBody) {
    /**
     * Chooses by the names of the arguments. A function with names goes before one that takes the whole body; {@code
     * PGRST202} when none fits, {@code PGRST203} when several do.
     */
    public static RoutineChoice of(
            SchemaCache schema, String schemaName, String name, Set<String> arguments, Passing passing) {
        var overloads = schema.routines(schemaName, name);
        var named = new ArrayList<RoutineChoice>();
        var whole = new ArrayList<RoutineChoice>();
        for (int i = 0; i < overloads.size(); i++) {
            var routine = overloads.get(i);
            if (routine.takesWholeBody()) {
                if (passing.isTakenBy(routine.parameters().getFirst().type())) {
                    whole.add(new RoutineChoice(routine, i, true));
                }
            } else if (!passing.isRaw() && fits(routine, arguments)) {
                named.add(new RoutineChoice(routine, i, false));
            }
        }
        var candidates = named.isEmpty() ? whole : named;
        return switch (candidates.size()) {
            case 0 -> throw unknown(schema, schemaName, name, arguments, passing);
            case 1 -> candidates.getFirst();
            default -> throw ambiguous(candidates);
        };
    }

    private static boolean fits(Routine routine, Set<String> arguments) {
        int known = 0;
        for (var parameter : routine.parameters()) {
            if (arguments.contains(parameter.name())) {
                known++;
            } else if (parameter.required()) {
                return false;
            }
        }
        return known == arguments.size();
    }

    /** The refusal of a function that there is not, {@code PGRST202}. */
    public static ApiException unknown(
            SchemaCache schema, String schemaName, String name, Set<String> names, Passing passing) {
        var arguments = new TreeSet<>(names);
        var function = schemaName + "." + name;
        var listed = String.join(", ", arguments);
        var signature = arguments.isEmpty() ? " without parameters" : "(" + listed + ")";
        var described = arguments.isEmpty()
                ? " without parameters"
                : (arguments.size() > 1 ? " with parameters " : " with parameter ") + listed;
        var single = " with a single unnamed " + passing.single() + " parameter";
        var searched = passing.isRaw() ? single : passing == Passing.JSON ? described + " or" + single : described;
        return Refusal.of(
                RestError.UNKNOWN_FUNCTION,
                "Could not find the function " + function + (passing.isRaw() ? "" : signature) + " in the schema cache",
                "Searched for the function " + function + searched + ", but no matches were found in the schema cache.",
                hint(schema, schemaName, name, arguments));
    }

    private static @Nullable String hint(
            SchemaCache schema, String schemaName, String name, SortedSet<String> arguments) {
        var overloads = schema.routines(schemaName, name);
        String meant;
        if (overloads.isEmpty()) {
            meant = schema.similarRoutine(schemaName, name);
        } else {
            var signatures = new TreeMap<String, String>();
            for (var routine : overloads) {
                var names = routine.parameters().stream().map(Parameter::name).sorted();
                var signature = names.collect(Collectors.joining(", ", "(", ")"));
                signatures.put(signature, name + signature);
            }
            var similar = Similarity.closest("(" + String.join(", ", arguments) + ")", signatures.keySet());
            meant = similar == null ? null : signatures.get(similar);
        }
        return meant == null ? null : "Perhaps you meant to call the function " + schemaName + "." + meant;
    }

    private static ApiException ambiguous(List<RoutineChoice> candidates) {
        var signatures = candidates.stream()
                .map(candidate -> candidate.routine.schema() + "." + candidate.routine.name()
                        + candidate.routine.parameters().stream()
                                .map(parameter -> parameter.name() + " => "
                                        + parameter.type().displayName())
                                .collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
        return Refusal.of(
                RestError.AMBIGUOUS_FUNCTION,
                "Could not choose the best candidate function between: " + signatures,
                null,
                "Try renaming the parameters or the function itself in the database so function overloading can be"
                        + " resolved");
    }
}
