package dev.basalt.data.rules;

import static dev.cel.common.CelFunctionDecl.newFunctionDeclaration;
import static dev.cel.common.CelOverloadDecl.newGlobalOverload;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * CEL with the variables of one kind of rule.
 *
 * <p>Numbers of a document are ints or doubles, as they were written; so that {@code price * 2} holds for 9.5 as it does for
 * 10, arithmetic takes one of each and makes a double. That is the one addition to CEL. Thread-safe.
 */
final class RuleLanguage {
    private static final int MAX_CODE_POINTS = 8192;
    private static final int MAX_DEPTH = 64;

    static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(MAX_CODE_POINTS)
            .maxParseRecursionDepth(MAX_DEPTH)
            .build();

    private static final CelType JSON_OBJECT = MapType.create(SimpleType.STRING, SimpleType.DYN);
    private static final StructType AUTH = struct(
            "Auth",
            ImmutableMap.of(
                    "uid", SimpleType.STRING,
                    "role", SimpleType.STRING,
                    "email", SimpleType.STRING,
                    "claims", JSON_OBJECT));
    private static final ImmutableMap<String, CelType> DOCUMENT = ImmutableMap.of(
            "data",
            JSON_OBJECT,
            "id",
            SimpleType.STRING,
            "parent",
            SimpleType.STRING,
            "owner",
            NullableType.create(SimpleType.STRING));

    private final CelCompiler compiler;
    private final String variables;

    RuleLanguage(RuleOperation operation) {
        var structs = new LinkedHashMap<String, StructType>();
        structs.put("auth", AUTH);
        structs.put("request", request(operation));
        if (operation.hasStored()) {
            structs.put("resource", resource());
        }
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.HAS, CelStandardMacro.EXISTS, CelStandardMacro.ALL)
                .setTypeProvider(new Structs(ImmutableList.copyOf(structs.values())));
        structs.forEach(builder::addVar);
        for (var operator : new String[] {"_+_", "_-_", "_*_", "_/_"}) {
            builder.addFunctionDeclarations(newFunctionDeclaration(
                    operator,
                    newGlobalOverload(operator + "_int_double", SimpleType.DOUBLE, SimpleType.INT, SimpleType.DOUBLE),
                    newGlobalOverload(operator + "_double_int", SimpleType.DOUBLE, SimpleType.DOUBLE, SimpleType.INT)));
        }
        this.compiler = builder.build();
        this.variables = String.join(", ", structs.keySet());
    }

    /**
     * The rule, parsed and checked.
     *
     * @throws InexpressibleException if it is no CEL, or can be neither true nor false
     */
    CelAbstractSyntaxTree check(String rule) {
        if (rule.codePointCount(0, rule.length()) > MAX_CODE_POINTS) {
            throw new InexpressibleException("A rule has at most " + MAX_CODE_POINTS + " characters.");
        }
        var result = compiler.compile(rule);
        if (result.hasError()) {
            var first = result.getErrors().getFirst();
            throw new InexpressibleException(worded(first.getMessage()), first.getSourceLocation());
        }
        try {
            return result.getAst();
        } catch (CelValidationException impossible) {
            throw new IllegalStateException("no error, and no tree", impossible);
        }
    }

    private String worded(String message) {
        var text = message.replace(" (in container '')", "");
        return text.startsWith("undeclared reference") ? text + "; there are " + variables : text;
    }

    private static StructType request(RuleOperation operation) {
        var fields = ImmutableMap.<String, CelType>builder().put("time", SimpleType.TIMESTAMP);
        return struct("Request", (operation.hasWritten() ? fields.putAll(DOCUMENT) : fields).buildOrThrow());
    }

    private static StructType resource() {
        return struct(
                "Resource",
                ImmutableMap.<String, CelType>builder()
                        .putAll(DOCUMENT)
                        .put("version", SimpleType.INT)
                        .put("created_at", SimpleType.TIMESTAMP)
                        .put("updated_at", SimpleType.TIMESTAMP)
                        .buildOrThrow());
    }

    private static StructType struct(String name, ImmutableMap<String, CelType> fields) {
        return StructType.create(name, fields.keySet(), field -> Optional.ofNullable(fields.get(field)));
    }

    private record Structs(ImmutableList<StructType> all) implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(all);
        }

        @Override
        public Optional<CelType> findType(String name) {
            return all.stream()
                    .filter(type -> type.name().equals(name))
                    .<CelType>map(type -> type)
                    .findFirst();
        }
    }
}
