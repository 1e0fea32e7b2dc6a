package dev.basalt.sdk;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.tools.ToolProvider;

/**
 * A page of the documentation as a program. Of the blocks below a line {@code <!-- tested -->}, those of SQL set it up, and
 * those of Java are one method's body, in which {@code basalt} is a client; comments {@code // prints …} say what it prints,
 * line by line.
 */
record DocumentationPage(String sql, List<String> java) {
    private static final String NAME = "Page";
    private static final String PRINTS = "// prints ";

    static DocumentationPage read(Path file) throws IOException {
        var blocks = new ArrayList<List<String>>();
        boolean tested = false;
        List<String> open = null;
        for (String line : Files.readAllLines(file)) {
            if (open != null) {
                if (line.equals("```")) open = null;
                else open.add(line);
            } else if (tested && line.startsWith("```")) {
                open = new ArrayList<>(List.of(line));
                blocks.add(open);
                tested = false;
            } else tested = line.equals("<!-- tested -->") || (tested && line.isBlank());
        }
        return new DocumentationPage(String.join("\n", lines(blocks, "```sql")), lines(blocks, "```java"));
    }

    private static List<String> lines(List<List<String>> blocks, String kind) {
        return blocks.stream()
                .filter(block -> block.getFirst().equals(kind))
                .flatMap(block -> block.stream().skip(1))
                .toList();
    }

    /** What the page says that it prints. */
    String promised() {
        return java.stream()
                .filter(line -> line.startsWith(PRINTS))
                .map(line -> line.substring(PRINTS.length()))
                .collect(joining("\n"));
    }

    /** Compiles the page into a directory; fails where it does not compile. */
    void compile(Path directory) throws IOException {
        Path source = directory.resolve(NAME + ".java");
        Files.writeString(source, program());
        var complaints = new StringWriter();
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        complaints,
                        null,
                        null,
                        List.of("-d", directory.toString(), "-cp", classPath()),
                        null,
                        ToolProvider.getSystemJavaCompiler()
                                .getStandardFileManager(null, null, StandardCharsets.UTF_8)
                                .getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(complaints.toString()).isTrue();
    }

    /** Runs what {@link #compile} made, and answers what it prints. */
    String run(Path directory, BasaltClient client) throws Exception {
        var printed = new ByteArrayOutputStream();
        PrintStream console = System.out;
        try (var classes = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            classes.loadClass(NAME).getMethod("run", BasaltClient.class).invoke(null, client);
        } catch (InvocationTargetException failed) {
            throw new AssertionError("after printing: " + printed.toString(StandardCharsets.UTF_8), failed.getCause());
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).strip();
    }

    private String program() {
        Predicate<String> isImport = line -> line.startsWith("import ");
        return java.stream().filter(isImport).collect(joining("\n")) + """

                import dev.basalt.sdk.BasaltClient;

                public class Page {
                    private static DataException failureOf(Runnable call) {
                        try {
                            call.run();
                        } catch (DataException failure) {
                            return failure;
                        }
                        throw new AssertionError("no failure");
                    }

                    public static void run(BasaltClient basalt) throws Exception {
                """
                + java.stream().filter(isImport.negate()).collect(joining("\n")) + "\n}}\n";
    }

    private static String classPath() {
        // Surefire starts the tests from a jar that only points to the rest.
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
