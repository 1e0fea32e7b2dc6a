package dev.basalt.functions.process;

import dev.basalt.functions.process.inside.Bridge;
import dev.basalt.functions.signature.Signatures;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * The files of ours that processes run: clients of the Runtime API and the bridges. Laid out once a version under a name
 * made from their content. Blocking.
 */
final class RuntimeHome {
    static final String BRIDGE = "bridge.jar";
    static final String PERL_BRIDGE = "bridge.pl";
    static final String NODE = "runtime.mjs";
    static final String NODE_WAY_OUT = "egress.cjs";
    static final String PYTHON = "runtime.py";
    private static final List<String> CLIENTS = List.of(NODE, NODE_WAY_OUT, PYTHON, PERL_BRIDGE);
    /** Class archives hold a jar's time; all hosts lay out the same. */
    private static final FileTime TIME = FileTime.fromMillis(1_000_000_000_000L);

    private RuntimeHome() {}

    /** Answers the directory below the parent, made now if it is not there. */
    static Path layOut(Path parent) throws IOException {
        Map<String, byte[]> clients = new LinkedHashMap<>();
        for (String client : CLIENTS) {
            clients.put(client, resource("/dev/basalt/functions/process/" + client));
        }
        clients.put(Signatures.FILE, Signatures.source().getBytes(StandardCharsets.UTF_8));
        Map<String, byte[]> classes = bridgeClasses();
        MessageDigest digest = sha256();
        clients.values().forEach(digest::update);
        classes.values().forEach(digest::update);
        Path home = parent.resolve(
                "process-" + HexFormat.of().formatHex(digest.digest()).substring(0, 16));
        if (Files.isDirectory(home)) {
            return home;
        }
        Files.createDirectories(parent);
        Path building = Files.createTempDirectory(parent, ".building-");
        for (Map.Entry<String, byte[]> client : clients.entrySet()) {
            Files.write(building.resolve(client.getKey()), client.getValue());
        }
        writeJar(building.resolve(BRIDGE), classes);
        try {
            Files.move(building, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            // Another host made the same one meanwhile.
            TaskDirectory.delete(building);
        }
        return home;
    }

    private static Map<String, byte[]> bridgeClasses() throws IOException {
        List<Class<?>> classes = new ArrayList<>(List.of(Bridge.class));
        classes.addAll(List.of(Bridge.class.getDeclaredClasses()));
        Map<String, byte[]> contents = new TreeMap<>();
        for (Class<?> each : classes) {
            String file = each.getName().replace('.', '/') + ".class";
            contents.put(file, resource("/" + file));
        }
        return contents;
    }

    /** Writes a jar that is the same for the same content. */
    static void writeJar(Path file, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                JarEntry made = new JarEntry(entry.getKey());
                made.setLastModifiedTime(TIME);
                jar.putNextEntry(made);
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        }
        Files.setLastModifiedTime(file, TIME);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = RuntimeHome.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path");
            }
            return in.readAllBytes();
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
