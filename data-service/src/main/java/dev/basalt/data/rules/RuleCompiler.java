package dev.basalt.data.rules;

import dev.basalt.kit.error.ApiException;
import dev.cel.common.CelSource;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.types.SimpleType;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes SQL conditions of access rules. Blocks for as long as parsing takes, which is milliseconds for the largest rule.
 * Thread-safe.
 */
@ApplicationScoped
public class RuleCompiler {
    private static final String ALLOWED = "true";

    /** What deleting sees is what reading sees. */
    private final RuleLanguage read = new RuleLanguage(RuleOperation.READ);

    private final RuleLanguage create = new RuleLanguage(RuleOperation.CREATE);
    private final RuleLanguage update = new RuleLanguage(RuleOperation.UPDATE);

    /**
     * The rules as conditions.
     *
     * @throws ApiException {@link RuleError#INVALID_RULE} for the first rule, in the order read, create, update, delete, that
     *     is no CEL or can't be said in SQL, with the first place where that shows
     */
    public CompiledRules compile(AccessRules rules) {
        return new CompiledRules(
                compiled(RuleOperation.READ, rules.read(), RuleCompiler::condition),
                compiled(RuleOperation.CREATE, rules.create(), RuleCompiler::condition),
                compiled(RuleOperation.UPDATE, rules.update(), RuleCompiler::update),
                compiled(RuleOperation.DELETE, rules.delete(), RuleCompiler::condition));
    }

    private RuleLanguage language(RuleOperation operation) {
        return switch (operation) {
            case READ, DELETE -> read;
            case CREATE -> create;
            case UPDATE -> update;
        };
    }

    private <T> @Nullable T compiled(RuleOperation operation, @Nullable String rule, Function<Checked, T> compilation) {
        if (rule == null) {
            return null;
        }
        try {
            return compilation.apply(check(operation, rule));
        } catch (InexpressibleException refused) {
            throw refused.refusal(operation);
        }
    }

    private Checked check(RuleOperation operation, String rule) {
        var ast = language(operation).check(rule);
        var type = ast.getResultType();
        if (!type.equals(SimpleType.BOOL) && !type.equals(SimpleType.DYN)) {
            throw new InexpressibleException(
                    "A rule must be true or false, and this is a value of type " + type.name() + ".");
        }
        return new Checked(ast.getSource(), ast.getExpr());
    }

    private record Checked(CelSource source, CelExpr expression) {
        SqlValue condition(CelExpr part, Variables variables) {
            return new ExpressionCompiler(source, variables).condition(part);
        }
    }

    private static String condition(Checked rule) {
        return rule.condition(rule.expression(), Variables.OF_ONE_ROW).condition();
    }

    /** Each part of the conjunction goes where the rows are that it reads. */
    private static CompiledRules.Update update(Checked rule) {
        var stored = new ArrayList<String>();
        var written = new ArrayList<String>();
        var change = new ArrayList<String>();
        conjuncts(rule.expression()).forEach(part -> {
            var condition = rule.condition(part, Variables.OF_ONE_ROW);
            boolean readsWritten = (condition.reads() & SqlValue.WRITTEN) != 0;
            boolean readsStored = (condition.reads() & SqlValue.STORED) != 0;
            if (readsStored && readsWritten) {
                change.add(rule.condition(part, Variables.OF_BOTH_ROWS).condition());
            } else {
                (readsWritten ? written : stored).add(condition.condition());
            }
        });
        return new CompiledRules.Update(all(stored), all(written), change.isEmpty() ? null : all(change));
    }

    private static Stream<CelExpr> conjuncts(CelExpr expression) {
        return expression.getKind() == ExprKind.Kind.CALL
                        && expression.call().function().equals("_&&_")
                ? expression.call().args().stream().flatMap(RuleCompiler::conjuncts)
                : Stream.of(expression);
    }

    private static String all(List<String> conditions) {
        return conditions.isEmpty() ? ALLOWED : String.join(" AND ", conditions);
    }
}
