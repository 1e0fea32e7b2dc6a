package dev.basalt.deploy.settings;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import dev.basalt.deploy.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** All settings of Basalt, read from the {@code @ConfigMapping} interfaces in the sources of every module. */
final class Settings {
    private final Trees trees;
    private final CompilationUnitTree unit;
    private final Map<String, ClassTree> nested = new HashMap<>();
    private final List<Setting> settings = new ArrayList<>();

    private Settings(Trees trees, CompilationUnitTree unit) {
        this.trees = trees;
        this.unit = unit;
    }

    /** Every setting, by key. */
    static List<Setting> all() throws IOException {
        var sources = sources();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            var all = new ArrayList<Setting>();
            for (var unit : task.parse()) {
                all.addAll(new Settings(Trees.instance(task), unit).read());
            }
            all.sort(Comparator.comparing(Setting::key));
            return all;
        }
    }

    private static List<Path> sources() throws IOException {
        try (var files = Files.walk(SourceTree.root(), 12)) {
            return files.filter(file -> file.toString().contains("/src/main/java/"))
                    .filter(file -> file.toString().endsWith("Config.java"))
                    .filter(Settings::mapsConfiguration)
                    .sorted()
                    .toList();
        }
    }

    private static boolean mapsConfiguration(Path file) {
        try {
            return Files.readString(file).contains("@ConfigMapping");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<Setting> read() {
        for (var type : unit.getTypeDecls()) {
            if (type instanceof ClassTree mapping) {
                var prefix = argument(mapping.getModifiers(), "ConfigMapping", "prefix");
                if (prefix.isPresent()) {
                    mapping.getMembers().stream()
                            .filter(ClassTree.class::isInstance)
                            .map(ClassTree.class::cast)
                            .forEach(inner -> nested.put(inner.getSimpleName().toString(), inner));
                    members(prefix.get(), mapping, new TreePath(new TreePath(unit), mapping));
                }
            }
        }
        return settings;
    }

    private void members(String prefix, ClassTree mapping, TreePath path) {
        for (var member : mapping.getMembers()) {
            if (member instanceof MethodTree method
                    && method.getBody() == null
                    && !method.getModifiers().getFlags().contains(Modifier.STATIC)) {
                var name = argument(method.getModifiers(), "WithName", "value")
                        .orElseGet(() -> kebab(method.getName().toString()));
                var key = prefix + "." + name;
                var type = String.valueOf(method.getReturnType());
                var group = nested.get(type);
                if (group != null && group.getKind() == Tree.Kind.INTERFACE) {
                    members(key, group, new TreePath(path, group));
                } else {
                    settings.add(new Setting(
                            key,
                            type,
                            argument(method.getModifiers(), "WithDefault", "value")
                                    .orElse(null),
                            description(trees.getDocComment(new TreePath(path, method)))));
                }
            }
        }
    }

    private static Optional<String> argument(ModifiersTree modifiers, String annotation, String name) {
        for (AnnotationTree candidate : modifiers.getAnnotations()) {
            if (candidate.getAnnotationType().toString().endsWith(annotation)) {
                for (ExpressionTree argument : candidate.getArguments()) {
                    if (argument instanceof AssignmentTree assignment
                            && assignment.getVariable().toString().equals(name)
                            && assignment.getExpression() instanceof LiteralTree literal) {
                        return Optional.of(String.valueOf(literal.getValue()));
                    }
                    if ("value".equals(name) && argument instanceof LiteralTree literal) {
                        return Optional.of(String.valueOf(literal.getValue()));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static String kebab(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String description(@Nullable String javadoc) {
        if (javadoc == null) {
            return "";
        }
        return javadoc.replaceAll("\\{@code ([^}]*)\\}", "`$1`")
                .replaceAll("\\{@link #?([^}]*)\\}", "`$1`")
                .replaceAll("</?p>", " ")
                .replaceAll("\\s+", " ")
                .replace("|", "\\|")
                .strip();
    }
}
