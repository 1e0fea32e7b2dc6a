package dev.basalt.functions.build;

import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.FunctionManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is to be bundled and how. Immutable.
 *
 * @param entrypoint the source file to begin with
 * @param output the path of the one file that comes out
 * @param node whether it is for Node.js, with its modules, else for an isolate, which has web APIs alone
 * @param aliases what imports of such a name or below it mean
 */
record Bundle(String entrypoint, String output, boolean node, Map<String, String> aliases) {
    /** V8's version in Javet, in the browser's numbers: what is newer is rewritten. */
    private static final String ISOLATE = "chrome147";

    private static final String NODE = "node20";
    private static final Set<String> MODULES = Set.of("js", "mjs");
    private static final Set<String> TYPED = Set.of("ts", "mts", "cts", "tsx", "jsx");
    /** Files that say nothing about how imports resolve. */
    private static final Pattern BYSTANDER =
            Pattern.compile("(?:.*/)?(?:basalt\\.function\\.(?:json|yaml|yml)|[^/]*\\.(?:md|map|d\\.ts)|LICENSE[^/]*)");

    private static final Pattern SPECIFIER = Pattern.compile("[\"'](?:npm|jsr):");

    Bundle {
        aliases = Map.copyOf(aliases);
    }

    /** What there is to bundle; nothing where the files run as they are. */
    static Optional<Bundle> of(FunctionManifest manifest, ArtifactFiles source) {
        var entrypoint = manifest.entrypoint();
        var needed = manifest.build()
                && switch (manifest.runtime()) {
                    case "js" -> !runsInIsolate(entrypoint, source);
                    // Node.js resolves packages itself; types are what it lacks.
                    case "nodejs" -> TYPED.contains(extension(entrypoint));
                    default -> false;
                };
        if (!needed) {
            return Optional.empty();
        }
        var output = entrypoint.substring(
                        0, entrypoint.length() - extension(entrypoint).length()) + "js";
        return Optional.of(new Bundle(
                entrypoint, output, manifest.runtime().equals("nodejs"), Imports.aliases(entrypoint, source)));
    }

    /** Whether these are modules that import nothing but each other. */
    private static boolean runsInIsolate(String entrypoint, ArtifactFiles source) {
        return MODULES.contains(extension(entrypoint))
                && source.files().entrySet().stream()
                        .filter(file -> !BYSTANDER.matcher(file.getKey()).matches())
                        .allMatch(file -> MODULES.contains(extension(file.getKey()))
                                && !file.getKey().contains("node_modules/")
                                && !SPECIFIER
                                        .matcher(file.getValue().toString())
                                        .find());
    }

    private static String extension(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** esbuild's arguments: the bundle goes to standard output, what it was made of to standard error. */
    List<String> arguments() {
        var arguments = new ArrayList<String>(List.of(
                "./" + entrypoint,
                "--bundle",
                "--sourcemap=inline",
                "--sources-content=false",
                "--charset=utf8",
                // Written through the names of its own streams, because it lists what went in only for a file.
                "--outfile=/dev/stdout",
                "--allow-overwrite",
                "--metafile=/dev/stderr",
                "--log-level=error",
                "--log-limit=20",
                "--color=false",
                "--define:process.env.NODE_ENV=\"production\""));
        arguments.addAll(
                node
                        ? List.of("--format=cjs", "--platform=node", "--target=" + NODE)
                        : List.of("--format=esm", "--platform=browser", "--target=" + ISOLATE, "--conditions=worker"));
        aliases.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(alias -> arguments.add("--alias:" + alias.getKey() + "=" + alias.getValue()));
        return arguments;
    }
}
